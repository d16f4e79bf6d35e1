//! Any bytes as the answer to a frame, read the way the first byte says: never a panic, never a read past the written part.
#![no_main]

use dynatab::storage_backend::BackendError;
use dynatab::storage_backend::frame::Answer;
use libfuzzer_sys::fuzz_target;

/// Rows without columns take no bytes: a bound, so that a large row count does not keep the fuzzer busy.
const MAX_ROWS: usize = 1000;

fn read(answer: &mut Answer, wants: u8) -> Result<(), BackendError> {
    for bit in 0..4 {
        if wants >> bit & 1 == 0 {
            answer.changes()?;
            continue;
        }
        let mut rows = answer.rows()?;
        for _ in 0..MAX_ROWS {
            let Some(mut row) = rows.next_row()? else { break };
            let mut copy = row.clone();
            while row.value().is_ok() {}
            let _ = copy.text();
            let _ = copy.optional_integer();
            let _ = copy.size();
        }
    }
    Ok(())
}

fuzz_target!(|bytes: &[u8]| {
    let [wants, spare, written @ ..] = bytes else { return };
    // The buffer is longer than what has been written to it, as a reused one is.
    let mut buffer = written.to_vec();
    buffer.resize(written.len() + usize::from(*spare), 0xFF);
    let Ok(mut answer) = Answer::new(buffer.clone(), written.len()) else {
        return;
    };
    let _ = read(&mut answer, *wants);

    let Ok(answer) = Answer::new(buffer, written.len()) else { return };
    if let Ok(page) = answer.into_page() {
        for row in page.rows().take(MAX_ROWS).flatten() {
            assert!(row.json.len() <= written.len());
        }
    }
});

//! Any bytes as a request's item: never a panic, and what is accepted reads back from its canonical text as the same item of the same size.
#![no_main]

use dynatab::model::json::Document;
use dynatab::model::{Item, Layer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = Document::parse(bytes) else { return };
    for layer in [Layer::Current, Layer::Older] {
        let item = match Item::from_json(document.root(), layer) {
            Ok(item) => item,
            Err(error) => {
                let _ = error.to_string();
                continue;
            }
        };
        let canonical = String::from_utf8(item.to_json()).expect("canonical JSON is UTF-8");
        let read = Item::from_canonical(&canonical).expect("what was written can be read");
        assert_eq!(read, item);
        assert_eq!(read.size(), item.size());
        assert_eq!(
            Item::size_of_canonical(&canonical).expect("what was written has a size"),
            item.size()
        );
    }
});

//! How far an import of items has read its source: kept with the table, so that the same source goes on where it stopped.

use super::error::CorruptDefinition;
use super::json_text::ObjectWriter;
use crate::model::json::Value;

/// Most imports a table remembers; the finished ones go first, the oldest before the newer.
const MOST_REMEMBERED: usize = 100;

/// An import, as the database remembers it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ImportProgress {
    /// The client's token, which names the source.
    pub token: String,
    /// Records of the source whose items are all stored or refused.
    pub records: i64,
    /// Items of them that are stored.
    pub items: i64,
    /// Records of them that were refused.
    pub rejected: i64,
    /// The sum over those records, by which they are known again; an older version of the package kept none.
    pub checksum: Option<i64>,
    /// The run that is being written, if one is.
    pub run: Option<ImportRun>,
    /// Whether the source was read to its end.
    pub complete: bool,
}

/// A run of an import: records that are written together, in the order of a scan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportRun {
    /// The last record of the run, counted from the source's beginning.
    pub records: i64,
    /// The sum over all records up to that one.
    pub checksum: Option<i64>,
    /// The key that has been got to: the run's items up to it are stored.
    pub written_to: [String; 2],
}

impl ImportProgress {
    pub(super) fn write_stored(&self, out: &mut Vec<u8>) {
        let mut object = ObjectWriter::begin(out);
        object.string("Token", &self.token);
        object.integer("Records", self.records);
        object.integer("Items", self.items);
        object.integer("Rejected", self.rejected);
        if let Some(checksum) = self.checksum {
            object.integer("Checksum", checksum);
        }
        if let Some(run) = &self.run {
            object.integer("RunRecords", run.records);
            if let Some(checksum) = run.checksum {
                object.integer("RunChecksum", checksum);
            }
            object.string("WrittenToHash", &run.written_to[0]);
            object.string("WrittenToRange", &run.written_to[1]);
        }
        if self.complete {
            object.boolean("Complete", true);
        }
        object.end();
    }

    pub(super) fn from_stored(value: Value<'_>) -> Result<Self, CorruptDefinition> {
        let number = |name: &'static str| value.get(name).and_then(Value::as_i64).ok_or(CorruptDefinition(name));
        let text = |name: &'static str| {
            let text = value.get(name).and_then(Value::as_str).ok_or(CorruptDefinition(name))?;
            Ok(text.into_owned())
        };
        let run = match value.get("RunRecords") {
            None => None,
            Some(_) => Some(ImportRun {
                records: number("RunRecords")?,
                checksum: number("RunChecksum").ok(),
                written_to: [text("WrittenToHash")?, text("WrittenToRange")?],
            }),
        };
        Ok(Self {
            token: text("Token")?,
            records: number("Records")?,
            items: number("Items")?,
            rejected: number("Rejected")?,
            checksum: number("Checksum").ok(),
            run,
            complete: value.get("Complete").and_then(Value::as_bool) == Some(true),
        })
    }
}

/// Notes how far an import has got, as the newest of the table's.
pub(super) fn remember(imports: &mut Vec<ImportProgress>, progress: ImportProgress) {
    imports.retain(|known| known.token != progress.token);
    imports.push(progress);
    while imports.len() > MOST_REMEMBERED {
        let oldest = imports.iter().position(|known| known.complete).unwrap_or(0);
        imports.remove(oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::json::Document;

    fn progress(token: &str, complete: bool) -> ImportProgress {
        ImportProgress {
            token: token.to_owned(),
            complete,
            ..ImportProgress::default()
        }
    }

    #[test]
    fn progress_is_read_back_as_it_was_stored() {
        for (run, complete) in [
            (None, true),
            (
                Some(ImportRun {
                    records: 9,
                    checksum: None,
                    written_to: ["a\0\"".to_owned(), String::new()],
                }),
                false,
            ),
        ] {
            let stored = ImportProgress {
                token: "t\"".to_owned(),
                records: 1 << 40,
                items: 7,
                rejected: 2,
                checksum: Some(i64::MIN),
                run,
                complete,
            };
            let mut out = Vec::new();
            stored.write_stored(&mut out);
            let document = Document::parse(&out).unwrap();
            assert_eq!(ImportProgress::from_stored(document.root()), Ok(stored));
        }
    }

    #[test]
    fn the_oldest_finished_import_is_forgotten_first() {
        let mut imports = Vec::new();
        remember(&mut imports, progress("unfinished", false));
        for at in 0..MOST_REMEMBERED {
            remember(&mut imports, progress(&format!("{at}"), true));
        }
        assert_eq!(imports.len(), MOST_REMEMBERED);
        assert_eq!(imports[0].token, "unfinished");
        assert_eq!(imports[1].token, "1");
        remember(&mut imports, progress("unfinished", true));
        assert_eq!(
            imports.last().map(|import| (import.token.as_str(), import.complete)),
            Some(("unfinished", true))
        );
        assert_eq!(imports.len(), MOST_REMEMBERED);
    }
}

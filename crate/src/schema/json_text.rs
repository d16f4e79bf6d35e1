//! Writing the JSON objects of the control plane member by member.

use crate::model::json::write_json_string;

/// An object being written; the closing brace comes with [`ObjectWriter::end`].
pub struct ObjectWriter<'o> {
    out: &'o mut Vec<u8>,
    empty: bool,
}

impl<'o> ObjectWriter<'o> {
    /// Opens an object.
    pub(crate) fn begin(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, empty: true }
    }

    /// Writes a member's name; the value is the caller's to write.
    pub(crate) fn name(&mut self, name: &str) -> &mut Vec<u8> {
        if !self.empty {
            self.out.push(b',');
        }
        self.empty = false;
        write_json_string(self.out, name);
        self.out.push(b':');
        self.out
    }

    /// A member that is a string.
    pub(crate) fn string(&mut self, name: &str, value: &str) {
        write_json_string(self.name(name), value);
    }

    /// A member that is a string, if there is one.
    pub(crate) fn optional_string(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.string(name, value);
        }
    }

    /// A member that is an integer.
    pub(crate) fn integer(&mut self, name: &str, value: i64) {
        let out = self.name(name);
        out.extend_from_slice(value.to_string().as_bytes());
    }

    /// A member that is a boolean.
    pub(crate) fn boolean(&mut self, name: &str, value: bool) {
        let out = self.name(name);
        out.extend_from_slice(if value { b"true" } else { b"false" });
    }

    /// A member that is a point in time: seconds since 1970 with a fraction.
    pub(crate) fn timestamp(&mut self, name: &str, milliseconds: i64) {
        let text = timestamp_text(milliseconds);
        self.name(name).extend_from_slice(text.as_bytes());
    }

    /// A member that is an object.
    pub(crate) fn object(&mut self, name: &str, write: impl FnOnce(&mut ObjectWriter<'_>)) {
        let out = self.name(name);
        let mut inner = ObjectWriter::begin(out);
        write(&mut inner);
        inner.end();
    }

    /// A member that is an array of whatever the closure writes for each element.
    pub(crate) fn array<T>(&mut self, name: &str, elements: impl IntoIterator<Item = T>, write: impl FnMut(&mut Vec<u8>, T)) {
        write_array(self.name(name), elements, write);
    }

    /// Closes the object.
    pub(crate) fn end(self) {
        self.out.push(b'}');
    }
}

/// Writes an array of whatever the closure writes for each element.
pub(crate) fn write_array<T>(out: &mut Vec<u8>, elements: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Vec<u8>, T)) {
    out.push(b'[');
    for (at, element) in elements.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write(out, element);
    }
    out.push(b']');
}

/// Seconds with three decimals, trailing zeros dropped down to one decimal: `1795373715.0`, `1795373715.25`.
fn timestamp_text(milliseconds: i64) -> String {
    let (seconds, rest) = (milliseconds.div_euclid(1000), milliseconds.rem_euclid(1000));
    let mut text = format!("{seconds}.{rest:03}");
    while text.ends_with('0') && !text.ends_with(".0") {
        text.pop();
    }
    text
}

/// The text of bytes this crate wrote as JSON.
pub(crate) fn into_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_have_at_least_one_decimal() {
        assert_eq!(timestamp_text(1_795_373_715_000), "1795373715.0");
        assert_eq!(timestamp_text(1_795_373_715_250), "1795373715.25");
        assert_eq!(timestamp_text(1_795_373_715_007), "1795373715.007");
    }

    #[test]
    fn members_are_separated_and_escaped() {
        let mut out = Vec::new();
        let mut object = ObjectWriter::begin(&mut out);
        object.string("a", "\"");
        object.object("b", |inner| inner.boolean("c", true));
        object.array("d", [1, 2], |out, n| out.extend_from_slice(n.to_string().as_bytes()));
        object.end();
        assert_eq!(into_text(out), r#"{"a":"\"","b":{"c":true},"d":[1,2]}"#);
    }
}

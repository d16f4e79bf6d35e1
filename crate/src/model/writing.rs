//! Canonical JSON: the one text of a value. Compact, attributes sorted by name, sets sorted, numbers expanded, strings with the fewest
//! escapes. Items are stored in this form and spliced into responses as they are.

use super::json::write_json_string;
use super::{AttributeValue, Item, binary};

impl AttributeValue {
    /// Appends the value's canonical JSON, its type included: `{"S":"text"}`.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"");
        out.extend_from_slice(self.type_name().as_bytes());
        out.extend_from_slice(b"\":");
        match self {
            Self::S(text) => write_json_string(out, text),
            Self::N(number) => write_number(out, *number),
            Self::B(bytes) => write_binary(out, bytes),
            Self::Bool(true) | Self::Null => out.extend_from_slice(b"true"),
            Self::Bool(false) => out.extend_from_slice(b"false"),
            Self::Ss(members) => write_array(out, members, |out, text| write_json_string(out, text)),
            Self::Ns(members) => write_array(out, members, |out, number| write_number(out, *number)),
            Self::Bs(members) => write_array(out, members, |out, bytes| write_binary(out, bytes)),
            Self::L(elements) => write_array(out, elements, |out, element| element.write_json(out)),
            Self::M(members) => members.write_json(out),
        }
        out.push(b'}');
    }

    /// The value's canonical JSON.
    pub fn to_json(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write_json(&mut out);
        out
    }
}

impl Item {
    /// Appends the item's canonical JSON: an object of values by attribute name.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        let mut separator = b'{';
        for (name, value) in self {
            out.push(separator);
            separator = b',';
            write_json_string(out, name);
            out.push(b':');
            value.write_json(out);
        }
        if self.is_empty() {
            out.push(b'{');
        }
        out.push(b'}');
    }

    /// The item's canonical JSON.
    pub fn to_json(&self) -> Vec<u8> {
        // Type, quotes and separators take about 14 bytes an attribute.
        let mut out = Vec::with_capacity(self.size() + self.len() * 14 + 16);
        self.write_json(&mut out);
        out
    }
}

fn write_number(out: &mut Vec<u8>, number: super::Number) {
    out.push(b'"');
    number.write_text(out);
    out.push(b'"');
}

fn write_binary(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    binary::write_base64(out, bytes);
    out.push(b'"');
}

fn write_array<T>(out: &mut Vec<u8>, elements: &[T], write: fn(&mut Vec<u8>, &T)) {
    out.push(b'[');
    for (index, element) in elements.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(out, element);
    }
    out.push(b']');
}

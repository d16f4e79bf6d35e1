//! A position on the tape, and the ways to read it.

use super::{Document, Node, Tag, text::unescape};
use std::borrow::Cow;
use std::ops::Range;

/// The kind of a JSON value. Numbers with a fraction or an exponent are told apart, as the service's messages do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true`
    True,
    /// `false`
    False,
    /// A number of digits only
    Integer,
    /// A number with a fraction or an exponent
    Decimal,
    /// A string
    String,
    /// An array
    Array,
    /// An object
    Object,
}

/// One value of a [`Document`]; cheap to copy.
#[derive(Clone, Copy)]
pub struct Value<'d> {
    document: &'d Document<'d>,
    index: u32,
}

impl<'d> Value<'d> {
    #[inline]
    pub(super) fn at(document: &'d Document<'d>, index: u32) -> Self {
        Self { document, index }
    }

    #[inline]
    fn node(self) -> &'d Node {
        &self.document.nodes[self.index as usize]
    }

    /// What kind of value this is.
    #[inline]
    pub fn kind(self) -> Kind {
        match self.node().tag {
            Tag::Null => Kind::Null,
            Tag::True => Kind::True,
            Tag::False => Kind::False,
            Tag::Integer => Kind::Integer,
            Tag::Decimal => Kind::Decimal,
            Tag::Plain | Tag::Escaped => Kind::String,
            Tag::Array => Kind::Array,
            Tag::Object => Kind::Object,
        }
    }

    /// A string's text, borrowed unless it holds escapes.
    pub fn as_str(self) -> Option<Cow<'d, str>> {
        let node = self.node();
        match node.tag {
            Tag::Plain => Some(Cow::Borrowed(self.between_quotes())),
            Tag::Escaped => Some(Cow::Owned(unescape(self.between_quotes()))),
            _ => None,
        }
    }

    /// A number as it was written.
    pub fn number_text(self) -> Option<&'d str> {
        match self.node().tag {
            Tag::Integer | Tag::Decimal => Some(self.raw()),
            _ => None,
        }
    }

    /// An integer that fits 64 bits; `None` for decimals.
    pub fn as_i64(self) -> Option<i64> {
        match self.node().tag {
            Tag::Integer => self.raw().parse().ok(),
            _ => None,
        }
    }

    /// `true` or `false`.
    pub fn as_bool(self) -> Option<bool> {
        match self.node().tag {
            Tag::True => Some(true),
            Tag::False => Some(false),
            _ => None,
        }
    }

    /// Whether this is `null`.
    #[inline]
    pub fn is_null(self) -> bool {
        self.node().tag == Tag::Null
    }

    /// An object's members in their order, duplicates included; empty for anything else.
    #[inline]
    pub fn members(self) -> Members<'d> {
        Members {
            children: self.children(Tag::Object),
        }
    }

    /// An array's elements; empty for anything else.
    #[inline]
    pub fn elements(self) -> Elements<'d> {
        Elements {
            children: self.children(Tag::Array),
        }
    }

    #[inline]
    fn children(self, of: Tag) -> Children<'d> {
        let node = self.node();
        Children {
            document: self.document,
            index: self.index + 1,
            end: if node.tag == of { node.next } else { 0 },
        }
    }

    /// The member of that name; the last one when there are several. Requests ask for every member they may have, so that most names are
    /// told apart by their lengths.
    pub fn get(self, name: &str) -> Option<Value<'d>> {
        let nodes = &self.document.nodes;
        let mut children = self.children(Tag::Object);
        let mut found = None;
        while let Some(key) = nodes.get(children.index as usize).filter(|_| children.index < children.end) {
            // A name is one node, and its value the next.
            let value = children.index + 1;
            let same = match key.tag {
                Tag::Plain => (key.end - key.start) as usize == name.len() + 2 && self.between(key) == name.as_bytes(),
                _ => Value::at(self.document, children.index).as_str().as_deref() == Some(name),
            };
            if same {
                found = Some(Value::at(self.document, value));
            }
            children.index = nodes.get(value as usize).map_or(children.end, |node| node.next);
        }
        found
    }

    /// The bytes between a string's quotes.
    #[inline]
    fn between(self, node: &Node) -> &'d [u8] {
        let range = node.start as usize + 1..node.end as usize - 1;
        self.document.text.as_bytes().get(range).unwrap_or_default()
    }

    /// How many members or elements; 0 for scalars. Counts them.
    pub fn len(self) -> usize {
        match self.node().tag {
            Tag::Object => self.members().count(),
            Tag::Array => self.elements().count(),
            _ => 0,
        }
    }

    /// Whether there are no members or elements.
    pub fn is_empty(self) -> bool {
        self.node().next == self.index + 1
    }

    /// Where the value stands in the text, quotes and brackets included.
    #[inline]
    pub fn span(self) -> Range<usize> {
        let node = self.node();
        node.start as usize..node.end as usize
    }

    /// The value as it was written, quotes and brackets included.
    #[inline]
    pub fn raw(self) -> &'d str {
        // Nodes start and end at ASCII characters, so the range is always on character boundaries.
        self.document.text.get(self.span()).unwrap_or_default()
    }

    #[inline]
    fn between_quotes(self) -> &'d str {
        let node = self.node();
        let range = node.start as usize + 1..node.end as usize - 1;
        self.document.text.get(range).unwrap_or_default()
    }
}

/// Sibling after sibling on the tape.
#[derive(Clone)]
struct Children<'d> {
    document: &'d Document<'d>,
    index: u32,
    end: u32,
}

impl<'d> Children<'d> {
    #[inline]
    fn next(&mut self) -> Option<Value<'d>> {
        if self.index >= self.end {
            return None;
        }
        let value = Value::at(self.document, self.index);
        self.index = value.node().next;
        Some(value)
    }
}

/// Iterator over an object's members.
#[derive(Clone)]
pub struct Members<'d> {
    children: Children<'d>,
}

impl<'d> Members<'d> {
    /// The next member with its name as a string value, whose span tells where the name stands.
    #[inline]
    pub fn next_pair(&mut self) -> Option<(Value<'d>, Value<'d>)> {
        Some((self.children.next()?, self.children.next()?))
    }
}

impl<'d> Iterator for Members<'d> {
    type Item = (Cow<'d, str>, Value<'d>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (name, value) = self.next_pair()?;
        Some((name.as_str().unwrap_or_default(), value))
    }
}

/// Iterator over an array's elements.
#[derive(Clone)]
pub struct Elements<'d> {
    children: Children<'d>,
}

impl<'d> Iterator for Elements<'d> {
    type Item = Value<'d>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.children.next()
    }
}

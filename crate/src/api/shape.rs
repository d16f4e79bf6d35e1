//! Reading the generated tables: what a request of an operation may contain.

use super::generated::members::{MEMBERS, TEXT, WORDS};
use super::generated::shapes::SHAPES;
use super::pattern::Pattern;

/// A limit that is not there.
pub(super) const NONE: i32 = i32::MIN;

/// A name in the pool of names.
#[derive(Clone, Copy)]
pub(super) struct Text {
    at: u16,
    len: u8,
}

impl Text {
    /// Whether it is that text. Every value of every request asks this, so the length decides first.
    #[inline]
    fn is(self, text: &str) -> bool {
        let at = usize::from(self.at);
        usize::from(self.len) == text.len() && TEXT.as_bytes().get(at..at + text.len()) == Some(text.as_bytes())
    }

    #[inline]
    fn as_str(self) -> &'static str {
        let at = usize::from(self.at);
        TEXT.get(at..at + usize::from(self.len)).unwrap_or("")
    }
}

pub(super) const fn text(at: u16, len: u8) -> Text {
    Text { at, len }
}

/// One member of a structure, as the table keeps it.
#[derive(Clone, Copy)]
pub(super) struct MemberRow {
    name: Text,
    shape: u16,
    required: bool,
}

impl MemberRow {
    #[inline]
    fn read(self) -> Member {
        Member {
            name: self.name.as_str(),
            shape: Shape(self.shape),
            required: self.required,
        }
    }
}

pub(super) const fn required(name: Text, shape: u16) -> MemberRow {
    MemberRow {
        name,
        shape,
        required: true,
    }
}

pub(super) const fn optional(name: Text, shape: u16) -> MemberRow {
    MemberRow {
        name,
        shape,
        required: false,
    }
}

/// What kind of value a shape describes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)] // the model's own names
pub enum Kind {
    Structure,
    List,
    Map,
    String,
    Integer,
    Long,
    Double,
    Boolean,
    Blob,
    Timestamp,
}

/// One shape, as the table keeps it; `first` and `second` mean what the kind makes of them.
#[derive(Clone, Copy)]
pub(super) struct ShapeRow {
    name: Text,
    kind: Kind,
    first: u16,
    second: u16,
    least: i32,
    most: i32,
    pattern: Option<Pattern>,
    constrained: bool,
}

#[allow(clippy::too_many_arguments)] // one row of a table
pub(super) const fn shape(
    name: Text,
    kind: Kind,
    first: u16,
    second: u16,
    least: i32,
    most: i32,
    pattern: Option<Pattern>,
    constrained: bool,
) -> ShapeRow {
    ShapeRow {
        name,
        kind,
        first,
        second,
        least,
        most,
        pattern,
        constrained,
    }
}

/// A shape of the service model. Shapes that differ in name only are one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Shape(u16);

/// A member of a structure.
#[derive(Clone, Copy)]
pub struct Member {
    /// Its name on the wire.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Whether the model requires it.
    pub required: bool,
}

impl Shape {
    #[inline]
    pub(super) const fn at(index: u16) -> Self {
        Self(index)
    }

    #[inline]
    fn row(self) -> &'static ShapeRow {
        // Indices come from the generator, which also wrote the table; the first row stands in rather than a panic.
        SHAPES.get(usize::from(self.0)).unwrap_or(&SHAPES[0])
    }

    /// What kind of value it describes.
    #[inline]
    pub fn kind(self) -> Kind {
        self.row().kind
    }

    /// The model's name of a structure; empty for every other kind.
    pub fn name(self) -> &'static str {
        self.row().name.as_str()
    }

    /// The members of a structure in the model's order; empty for every other kind.
    pub fn members(self) -> impl Iterator<Item = Member> {
        self.member_rows().iter().copied().map(MemberRow::read)
    }

    /// The members of a structure that the model requires.
    pub fn required_members(self) -> impl Iterator<Item = Member> {
        let required = self.member_rows().iter().filter(|row| row.required);
        required.copied().map(MemberRow::read)
    }

    /// The member of that name.
    pub fn member(self, name: &str) -> Option<Member> {
        self.member_rows()
            .iter()
            .find(|row| row.name.is(name))
            .copied()
            .map(MemberRow::read)
    }

    #[inline]
    fn member_rows(self) -> &'static [MemberRow] {
        let row = self.row();
        let (first, count) = if row.kind == Kind::Structure {
            (row.first, row.second)
        } else {
            (0, 0)
        };
        MEMBERS
            .get(usize::from(first)..usize::from(first) + usize::from(count))
            .unwrap_or(&[])
    }

    /// What a list's elements or a map's values are; the shape itself for every other kind.
    #[must_use]
    pub fn element(self) -> Self {
        match self.kind() {
            Kind::List | Kind::Map => Self(self.row().first),
            _ => self,
        }
    }

    /// What a map's keys are; the shape itself for every other kind.
    #[must_use]
    pub fn key(self) -> Self {
        if self.kind() == Kind::Map { Self(self.row().second) } else { self }
    }

    /// Least length (strings, lists, maps) or value (numbers).
    pub fn least(self) -> Option<i64> {
        limit(self.row().least)
    }

    /// Most length or value.
    pub fn most(self) -> Option<i64> {
        limit(self.row().most)
    }

    /// The pattern a string must match.
    pub fn pattern(self) -> Option<Pattern> {
        self.row().pattern
    }

    /// The values of an enumeration in the order the service prints them; empty when the shape is none.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        let row = self.row();
        let (first, count) = if row.kind == Kind::String {
            (row.first, row.second)
        } else {
            (0, 0)
        };
        let rows = WORDS
            .get(usize::from(first)..usize::from(first) + usize::from(count))
            .unwrap_or(&[]);
        rows.iter().map(|word| word.as_str())
    }

    /// Whether the shape or anything below it has a constraint or a required member.
    #[inline]
    pub fn constrained(self) -> bool {
        self.row().constrained
    }
}

/// All shapes of the table.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = Shape> {
    (0..SHAPES.len()).filter_map(|at| u16::try_from(at).ok()).map(Shape)
}

fn limit(value: i32) -> Option<i64> {
    (value != NONE).then_some(i64::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Operation;

    #[test]
    fn enumerations_are_printed_in_the_services_order() {
        // rule 84
        let put = Operation::PutItem.input();
        let words = |name: &str| put.member(name).map(|member| member.shape.words().collect::<Vec<_>>());
        assert_eq!(
            words("ReturnValues"),
            Some(vec!["ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"])
        );
        assert_eq!(words("ReturnConsumedCapacity"), Some(vec!["INDEXES", "TOTAL", "NONE"]));
        assert_eq!(words("ReturnItemCollectionMetrics"), Some(vec!["SIZE", "NONE"]));
    }

    #[test]
    fn every_index_of_the_tables_lies_inside_them() {
        for row in &SHAPES {
            match row.kind {
                Kind::Structure => assert!(usize::from(row.first + row.second) <= MEMBERS.len()),
                Kind::String => assert!(usize::from(row.first + row.second) <= WORDS.len()),
                Kind::List => assert!(usize::from(row.first) < SHAPES.len()),
                Kind::Map => assert!(usize::from(row.first.max(row.second)) < SHAPES.len()),
                _ => {}
            }
            assert!(!row.name.as_str().is_empty() || row.kind != Kind::Structure);
        }
        for row in &MEMBERS {
            assert!(usize::from(row.shape) < SHAPES.len());
            assert!(!row.name.as_str().is_empty());
        }
    }

    #[test]
    fn an_item_has_nothing_for_the_constraint_walk() {
        let item = Operation::PutItem.input().member("Item").map(|member| member.shape);
        assert!(item.is_some_and(|shape| !shape.constrained()));
    }
}

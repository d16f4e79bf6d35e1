//! What of a request's placeholders a parse rests on: where that is the same again, the same text means the same.

use super::evaluate::order;
use super::parser::is_type_name;
use super::placeholders::Placeholders;
use super::values::{ValueId, Values};
use crate::model::AttributeValue;
use std::cmp::Ordering;
use std::mem::{Discriminant, discriminant};
use std::ops::Range;

/// What one parse took from the placeholders. Keys are kept as the places where they stand in the text.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    /// The `#names` and the attributes they stand for, which the tree is made of.
    names: Vec<(Range<usize>, String)>,
    /// The `:values`, in the order of the tree's numbers.
    values: Vec<Range<usize>>,
    /// What was found true of values.
    findings: Vec<Finding>,
    /// How many tokens the text has.
    pub tokens: usize,
}

/// Something about values that a check found true.
#[derive(Debug)]
enum Finding {
    Type(ValueId, Discriminant<AttributeValue>),
    /// The bounds of a `BETWEEN` stand the right way round.
    Ascending(ValueId, ValueId),
    /// A type's code.
    TypeName(ValueId),
}

impl Finding {
    fn holds(&self, values: &Values) -> bool {
        match self {
            Self::Type(id, kind) => discriminant(&**values.get(*id)) == *kind,
            Self::Ascending(lower, upper) => order(values.get(*lower), values.get(*upper)) != Some(Ordering::Greater),
            Self::TypeName(id) => matches!(&**values.get(*id), AttributeValue::S(name) if is_type_name(name)),
        }
    }
}

impl Inputs {
    /// Notes that `#name`, there in the text, stands for an attribute.
    pub fn name(&mut self, key: Range<usize>, attribute: &str) {
        self.names.push((key, attribute.to_owned()));
    }

    /// Notes that `:value`, there in the text, is the next value.
    pub fn value(&mut self, key: Range<usize>) {
        self.values.push(key);
    }

    /// Notes that a value's type was looked at.
    pub fn looked_at_type(&mut self, id: ValueId, value: &AttributeValue) {
        self.findings.push(Finding::Type(id, discriminant(value)));
    }

    /// Notes that two values of one type were found in order.
    pub fn found_ascending(&mut self, lower: ValueId, upper: ValueId) {
        self.findings.push(Finding::Ascending(lower, upper));
    }

    /// Notes that a value was found to be a type's code.
    pub fn found_type_name(&mut self, id: ValueId) {
        self.findings.push(Finding::TypeName(id));
    }

    /// The values of another request with the same text, if it gives the parser nothing else to see. Uses the placeholders as that would.
    pub fn values_of(&self, text: &str, placeholders: &Placeholders) -> Option<Values> {
        for (key, attribute) in &self.names {
            if placeholders.name(&text[key.clone()])? != attribute {
                return None;
            }
        }
        let mut values = Values::with_capacity(self.values.len());
        for key in &self.values {
            values.push(placeholders.value(&text[key.clone()])?.clone());
        }
        self.findings.iter().all(|finding| finding.holds(&values)).then_some(values)
    }

    /// How many bytes the attributes' names have that stood behind placeholders.
    pub fn name_bytes(&self) -> usize {
        self.names.iter().map(|(_, attribute)| attribute.len()).sum()
    }
}

//! An item: attributes by name. Also the content of a map.

use super::AttributeValue;

/// Attributes sorted by the UTF-8 bytes of their names, each name once. That order makes equal items equal in canonical JSON.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item(Vec<(String, AttributeValue)>);

impl Item {
    /// An item without attributes.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Takes attributes in any order; of equal names the last one stays.
    pub(super) fn from_attributes(mut attributes: Vec<(String, AttributeValue)>) -> Self {
        super::sorting::sort(&mut attributes, |a, b| a.0.cmp(&b.0));
        // The sort keeps equal names in their order, and `dedup_by` keeps the first of them: so that one takes the later one's value.
        attributes.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                std::mem::swap(&mut later.1, &mut earlier.1);
            }
            same
        });
        Self(attributes)
    }

    fn position(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.as_str().cmp(name))
    }

    /// The attribute's value.
    pub fn get(&self, name: &str) -> Option<&AttributeValue> {
        self.position(name).ok().map(|at| &self.0[at].1)
    }

    /// The attribute's value, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut AttributeValue> {
        self.position(name).ok().map(|at| &mut self.0[at].1)
    }

    /// Whether there is such an attribute.
    pub fn contains(&self, name: &str) -> bool {
        self.position(name).is_ok()
    }

    /// Sets an attribute; returns its value before.
    pub fn insert(&mut self, name: impl Into<String>, value: AttributeValue) -> Option<AttributeValue> {
        let name = name.into();
        match self.position(&name) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (name, value));
                None
            }
        }
    }

    /// Takes an attribute out; returns its value.
    pub fn remove(&mut self, name: &str) -> Option<AttributeValue> {
        self.position(name).ok().map(|at| self.0.remove(at).1)
    }

    /// Keeps only the attributes the closure wants.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &AttributeValue) -> bool) {
        self.0.retain(|(name, value)| keep(name, value));
    }

    /// The attributes in the order of their names.
    pub fn iter(&self) -> Iter<'_> {
        Iter(self.0.iter())
    }

    /// How many attributes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no attributes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Size in bytes (rule 13): names and values. Limit: 409,600.
    pub fn size(&self) -> usize {
        self.0.iter().map(|(name, value)| name.len() + value.size()).sum()
    }

    /// How many levels the item's deepest attribute has; 0 without attributes. At most [`MAX_NESTING`](super::MAX_NESTING) are allowed.
    pub fn levels(&self) -> usize {
        self.0.iter().map(|(_, value)| value.levels()).max().unwrap_or(0)
    }
}

/// Iterator over an item's attributes, by name.
#[derive(Clone)]
pub struct Iter<'i>(std::slice::Iter<'i, (String, AttributeValue)>);

impl<'i> Iterator for Iter<'i> {
    type Item = (&'i str, &'i AttributeValue);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (name.as_str(), value))
    }
}

impl<'i> IntoIterator for &'i Item {
    type Item = (&'i str, &'i AttributeValue);
    type IntoIter = Iter<'i>;

    fn into_iter(self) -> Iter<'i> {
        self.iter()
    }
}

impl IntoIterator for Item {
    type Item = (String, AttributeValue);
    type IntoIter = std::vec::IntoIter<(String, AttributeValue)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl FromIterator<(String, AttributeValue)> for Item {
    fn from_iter<I: IntoIterator<Item = (String, AttributeValue)>>(attributes: I) -> Self {
        Self::from_attributes(attributes.into_iter().collect())
    }
}

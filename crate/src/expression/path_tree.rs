//! Document paths grouped by what they share, each with something at its end. Projections and updates walk an item along such a tree, so
//! that every list is visited once and all indexes mean the list as it was.

use super::path::{DocumentPath, PathElement};

/// What hangs at the names of an item or a map, sorted by name.
pub(super) type Members<T> = Vec<(String, Branch<T>)>;

/// What hangs at one name or index.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Branch<T> {
    /// A path ends here.
    End(T),
    /// Paths go on: into a map by name, or into a list by index, sorted. As paths do not conflict, one of the two is empty.
    Inside {
        members: Members<T>,
        elements: Vec<(u32, Branch<T>)>,
    },
}

/// The tree of these paths. None of them overlap (rule 30); of two that do, one would be dropped.
pub(super) fn path_tree<T>(paths: impl IntoIterator<Item = (DocumentPath, T)>) -> Members<T> {
    let mut tree = Vec::new();
    for (path, end) in paths {
        grow(&mut tree, path.attribute, path.elements.into_iter(), end);
    }
    tree
}

fn grow<K: Ord, T>(branches: &mut Vec<(K, Branch<T>)>, key: K, mut rest: std::vec::IntoIter<PathElement>, end: T) {
    let at = branches.binary_search_by(|(other, _)| other.cmp(&key));
    let at = at.unwrap_or_else(|at| {
        let inside = Branch::Inside {
            members: Vec::new(),
            elements: Vec::new(),
        };
        branches.insert(at, (key, inside));
        at
    });
    let branch = &mut branches[at].1;
    match (rest.next(), &mut *branch) {
        (None, _) => *branch = Branch::End(end),
        (Some(PathElement::Name(name)), Branch::Inside { members, .. }) => grow(members, name, rest, end),
        (Some(PathElement::Index(index)), Branch::Inside { elements, .. }) => grow(elements, index, rest, end),
        (Some(_), Branch::End(_)) => {}
    }
}

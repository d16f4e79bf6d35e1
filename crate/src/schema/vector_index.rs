//! Vector indexes (rule A2): their definitions. Entries and searches are other rooms'.

use super::attribute_definitions::AttributeDefinitions;
use super::error::{CorruptDefinition, SchemaError};
use super::index::IndexStatus;
use super::json_text::{ObjectWriter, write_array};
use super::projection::Projection;
use crate::model::json::Value;

/// How the distance of two vectors is measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DistanceFunction {
    /// 0 to 2, lower is nearer.
    Cosine,
    /// Straight-line distance.
    Euclidean,
    /// Higher is nearer.
    DotProduct,
}

impl DistanceFunction {
    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cosine => "COSINE",
            Self::Euclidean => "EUCLIDEAN",
            Self::DotProduct => "DOT_PRODUCT",
        }
    }
}

/// What an attribute of a search schema does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SearchRole {
    /// Divides the index; a search must give its value.
    Hash,
    /// Filters a search.
    InlineFilter,
}

impl SearchRole {
    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hash => "HASH",
            Self::InlineFilter => "INLINE_FILTER",
        }
    }
}

/// One attribute of a search schema.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SearchElement {
    /// Name of the attribute.
    pub name: String,
    /// What it does.
    pub role: SearchRole,
}

/// A vector index.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VectorIndexDefinition {
    /// Name of the index.
    pub name: String,
    /// The attribute that holds the vectors.
    pub vector_attribute: String,
    /// How many numbers a vector has.
    pub dimensions: i64,
    /// How distance is measured.
    pub distance: DistanceFunction,
    /// Attributes a search can use beside the vector.
    pub search_schema: Vec<SearchElement>,
    /// Attributes kept beside.
    pub projection: Projection,
    /// Where the index is in its life.
    pub status: IndexStatus,
}

/// Most vector indexes of a table.
pub(super) const MOST_VECTOR_INDEXES: usize = 5;

impl VectorIndexDefinition {
    /// Reads the list of a checked request (rule A2).
    pub(super) fn list_from_request(list: Value<'_>, definitions: &AttributeDefinitions) -> Result<Vec<Self>, SchemaError> {
        if list.len() > MOST_VECTOR_INDEXES {
            return Err(SchemaError::TooManyVectorIndexes);
        }
        let mut indexes: Vec<Self> = Vec::new();
        for element in list.elements() {
            let projection = Projection::from_request(element.get("Projection"))?;
            let index = read(element, projection, IndexStatus::Creating).ok_or(SchemaError::VectorDimensions)?;
            if !(1..=4096).contains(&index.dimensions) {
                return Err(SchemaError::VectorDimensions);
            }
            if index.search_schema.iter().any(|element| definitions.get(&element.name).is_none()) {
                return Err(SchemaError::SearchAttributeNotDefined);
            }
            let differs = |other: &Self| other.vector_attribute == index.vector_attribute && other.dimensions != index.dimensions;
            if indexes.iter().any(differs) {
                return Err(SchemaError::VectorDimensionsConflict(index.vector_attribute));
            }
            indexes.push(index);
        }
        Ok(indexes)
    }

    pub(super) fn from_stored(value: Value<'_>) -> Result<Self, CorruptDefinition> {
        const CORRUPT: CorruptDefinition = CorruptDefinition("VectorIndexes");
        let projection = Projection::from_stored(value.get("Projection").ok_or(CORRUPT)?)?;
        let status = IndexStatus::from_stored(value)?;
        read(value, projection, status).ok_or(CORRUPT)
    }

    pub(super) fn write_stored(&self, out: &mut Vec<u8>) {
        let mut object = ObjectWriter::begin(out);
        self.write_members(&mut object);
        object.end();
    }

    /// Writes what storage and descriptions have in common.
    pub(super) fn write_members(&self, object: &mut ObjectWriter<'_>) {
        object.string("IndexName", &self.name);
        object.object("VectorAttribute", |inner| inner.string("AttributeName", &self.vector_attribute));
        object.integer("Dimensions", self.dimensions);
        object.string("DistanceFunction", self.distance.name());
        if !self.search_schema.is_empty() {
            write_array(object.name("SearchSchema"), &self.search_schema, |out, element| {
                let mut object = ObjectWriter::begin(out);
                object.string("AttributeName", &element.name);
                object.string("SearchSchemaElementType", element.role.name());
                object.end();
            });
        }
        self.projection.write_json(object.name("Projection"));
    }
}

fn read(value: Value<'_>, projection: Projection, status: IndexStatus) -> Option<VectorIndexDefinition> {
    let distance = value.get("DistanceFunction")?.as_str()?;
    let distances = [DistanceFunction::Cosine, DistanceFunction::Euclidean, DistanceFunction::DotProduct];
    Some(VectorIndexDefinition {
        name: value.get("IndexName")?.as_str()?.into_owned(),
        vector_attribute: value.get("VectorAttribute")?.get("AttributeName")?.as_str()?.into_owned(),
        dimensions: value.get("Dimensions")?.as_i64()?,
        distance: distances.into_iter().find(|function| function.name() == distance)?,
        search_schema: value
            .get("SearchSchema")
            .into_iter()
            .flat_map(Value::elements)
            .map(read_search_element)
            .collect::<Option<_>>()?,
        projection,
        status,
    })
}

fn read_search_element(element: Value<'_>) -> Option<SearchElement> {
    let kind = element.get("SearchSchemaElementType")?.as_str()?;
    let role = [SearchRole::Hash, SearchRole::InlineFilter]
        .into_iter()
        .find(|role| role.name() == kind)?;
    Some(SearchElement {
        name: element.get("AttributeName")?.as_str()?.into_owned(),
        role,
    })
}

//! Where the service words or checks a constraint otherwise than the model and the older layer say (behaviour part C, rules 81-86).
//!
//! The validation layer of the service is in transition: the same mistake reads differently by operation and member, so an honest form is
//! a table. What is not listed is checked as the model says and worded by the older layer.

/// How one member of one structure departs from the default.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// Worded by the newer layer: without the value, the path in wire names.
    Newer,
    /// Worded without the value, the path in camel case.
    WithoutValue,
    /// Required although the model does not say so, unless that other member is there.
    RequiredWithout(&'static str),
    /// At most so many elements, although the model does not say so.
    Most(i64),
    /// A map by table: what is wrong with its keys or its lists is said of the map as a whole.
    ByTable,
    /// Constraints of its own, with their own texts, checked later.
    Unchecked,
    /// Any word will do here: the enumeration is checked where the parameter is read, with a text of its own.
    AnyWord,
    /// This text whenever the value is not in the enumeration.
    Enumeration(&'static str),
    /// This text, and nothing else, whenever there is nothing in it.
    NotEmpty(&'static str),
    /// A table's name or ARN.
    Name(NameRule),
}

/// How an operation treats the name of its table. An invalid name is always reported alone (rule 82), except in a transaction.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum NameRule {
    /// Item operations: an empty name is the newer layer's, everything else the older one's.
    Item,
    /// `CreateTable`: a missing name has a text of its own, everything else is the older layer's.
    Create,
    /// Other table operations: missing names and wrong lengths have texts of their own.
    Table,
    /// Members of a transaction: the older layer, length before pattern, joined with the others.
    Transaction,
}

const RETURN_VALUES: Rule = Rule::Enumeration(
    // The service's own list, misprint included; on all three operations (rule 83, messages-items 5).
    "Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]",
);

const NO_REQUEST_ITEMS: Rule = Rule::NotEmpty("The requestItems parameter is required for BatchWriteItem"); // rule 72

/// Departures: of which structure, of which member, and how.
pub(super) type Rules = [(&'static str, &'static str, Rule)];

/// The departures, by structure and member. A member may have several.
#[rustfmt::skip]
static RULES: &Rules = &[
    ("AttributeValueUpdate", "Action", Rule::AnyWord),                               // the reference server
    ("BatchGetItemInput", "RequestItems", Rule::Newer),                              // rule 72
    ("BatchGetItemInput", "RequestItems", Rule::ByTable),                            // messages-tables 8
    ("BatchWriteItemInput", "RequestItems", Rule::ByTable),                          // messages-tables 4, 8
    ("BatchWriteItemInput", "RequestItems", NO_REQUEST_ITEMS),
    ("Condition", "ComparisonOperator", Rule::AnyWord),                              // the reference server
    ("ConditionCheck", "TableName", Rule::Name(NameRule::Transaction)),              // messages-tables 29, 30
    ("CreateTableInput", "AttributeDefinitions", Rule::RequiredWithout("GlobalTableSourceArn")),
    ("CreateTableInput", "KeySchema", Rule::RequiredWithout("GlobalTableSourceArn")), // messages-tables 43
    ("CreateTableInput", "KeySchema", Rule::Most(2)),                                // messages-tables 43
    ("CreateTableInput", "TableClass", Rule::Unchecked),                             // rule 86
    ("CreateTableInput", "TableName", Rule::Name(NameRule::Create)),
    ("Delete", "TableName", Rule::Name(NameRule::Transaction)),
    ("DeleteItemInput", "ConditionalOperator", Rule::AnyWord),
    ("DeleteItemInput", "ReturnValues", RETURN_VALUES),
    ("DeleteItemInput", "TableName", Rule::Name(NameRule::Item)),
    ("DeleteTableInput", "TableName", Rule::Name(NameRule::Table)),
    ("DescribeTableInput", "TableName", Rule::Name(NameRule::Table)),
    ("DescribeTimeToLiveInput", "TableName", Rule::Name(NameRule::Table)),
    ("ExpectedAttributeValue", "ComparisonOperator", Rule::AnyWord),
    ("Get", "TableName", Rule::Name(NameRule::Transaction)),
    ("GetItemInput", "TableName", Rule::Name(NameRule::Item)),
    ("GetShardIteratorInput", "SequenceNumber", Rule::WithoutValue),                 // messages-tables 105
    ("KeysAndAttributes", "Keys", Rule::Newer),                                      // messages-tables 5, 6
    ("ListTagsOfResourceInput", "ResourceArn", Rule::Unchecked),                     // messages-tables 61
    ("LocalSecondaryIndex", "KeySchema", Rule::Most(2)),
    ("Put", "TableName", Rule::Name(NameRule::Transaction)),
    ("PutItemInput", "ConditionalOperator", Rule::AnyWord),
    ("PutItemInput", "ReturnValues", RETURN_VALUES),
    ("PutItemInput", "TableName", Rule::Name(NameRule::Item)),
    ("QueryInput", "ConditionalOperator", Rule::AnyWord),
    ("QueryInput", "Limit", Rule::Newer),                                            // part C
    ("QueryInput", "TableName", Rule::Name(NameRule::Item)),
    ("ScanInput", "ConditionalOperator", Rule::AnyWord),
    ("ScanInput", "Limit", Rule::Newer),
    ("ScanInput", "Segment", Rule::Newer),
    ("ScanInput", "TableName", Rule::Name(NameRule::Item)),
    ("ScanInput", "TotalSegments", Rule::Newer),
    ("Tag", "Key", Rule::Unchecked),                                                 // messages-tables 64
    ("Tag", "Value", Rule::Unchecked),
    ("TagResourceInput", "ResourceArn", Rule::Unchecked),
    ("TagResourceInput", "Tags", Rule::Unchecked),                                   // messages-tables 63
    ("UntagResourceInput", "ResourceArn", Rule::Unchecked),
    ("UntagResourceInput", "TagKeys", Rule::Unchecked),
    ("Update", "TableName", Rule::Name(NameRule::Transaction)),
    ("UpdateItemInput", "ConditionalOperator", Rule::AnyWord),
    ("UpdateItemInput", "ReturnValues", RETURN_VALUES),
    ("UpdateItemInput", "TableName", Rule::Name(NameRule::Item)),
    ("UpdateTableInput", "TableClass", Rule::Unchecked),
    ("UpdateTableInput", "TableName", Rule::Name(NameRule::Table)),
    ("UpdateTimeToLiveInput", "TableName", Rule::Name(NameRule::Table)),
    ("VectorIndex", "Dimensions", Rule::Unchecked),                                  // rule A2
];

/// The departures of one structure.
pub(super) fn rules(structure: &str) -> &'static Rules {
    let start = RULES.partition_point(|(of, _, _)| *of < structure);
    let end = start + RULES.iter().skip(start).take_while(|(of, _, _)| *of == structure).count();
    RULES.get(start..end).unwrap_or(&[])
}

/// Members reported before the rest of their structure, which follows in the model's order.
static ORDER: &[(&str, &[&str])] = &[
    // rule 86
    (
        "CreateTableInput",
        &[
            "AttributeDefinitions",
            "KeySchema",
            "GlobalSecondaryIndexes",
            "LocalSecondaryIndexes",
        ],
    ),
    (
        "DeleteItemInput",
        &[
            "TableName",
            "Key",
            "ReturnConsumedCapacity",
            "ReturnValues",
            "ReturnItemCollectionMetrics",
        ],
    ),
    // messages-items 8; the rest as the reference server has it
    ("GetItemInput", &["Key", "TableName", "ReturnConsumedCapacity"]),
    // part 2 of messages-tables
    ("ProvisionedThroughput", &["WriteCapacityUnits", "ReadCapacityUnits"]),
    (
        "PutItemInput",
        &[
            "TableName",
            "Item",
            "ReturnConsumedCapacity",
            "ReturnValues",
            "ReturnItemCollectionMetrics",
        ],
    ),
    // As the reference server has it.
    ("ScanInput", &["Limit", "Segment", "TotalSegments"]),
    // messages-tables 28
    (
        "TransactWriteItemsInput",
        &[
            "TransactItems",
            "ClientRequestToken",
            "ReturnConsumedCapacity",
            "ReturnItemCollectionMetrics",
        ],
    ),
    (
        "UpdateItemInput",
        &[
            "TableName",
            "Key",
            "ReturnConsumedCapacity",
            "ReturnValues",
            "ReturnItemCollectionMetrics",
        ],
    ),
];

/// Operations whose requests the older layer answers alone as long as a required member is missing: all in its wording and in its order,
/// which is the reference server's (rule 85).
static INCOMPLETE: &[(&str, &[&str])] = &[
    ("QueryInput", &["Select", "ReturnConsumedCapacity", "TableName", "Limit"]),
    (
        "ScanInput",
        &[
            "Select",
            "TotalSegments",
            "ReturnConsumedCapacity",
            "TableName",
            "ConditionalOperator",
            "Segment",
            "Limit",
        ],
    ),
    (
        "UpdateItemInput",
        &[
            "ReturnConsumedCapacity",
            "TableName",
            "ReturnValues",
            "ReturnValuesOnConditionCheckFailure",
            "ReturnItemCollectionMetrics",
            "Key",
        ],
    ),
];

/// The order of an operation whose incomplete requests are the older layer's.
pub(super) fn incomplete_order(structure: &str) -> Option<&'static [&'static str]> {
    INCOMPLETE.iter().find(|(of, _)| *of == structure).map(|(_, members)| *members)
}

/// The members of a structure that are reported before the others.
pub(super) fn reported_first(structure: &str) -> &'static [&'static str] {
    ORDER.iter().find(|(of, _)| *of == structure).map_or(&[], |(_, members)| members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::shape::{Kind, Shape};

    fn structure(name: &str) -> Option<Shape> {
        crate::api::shape::all().find(|shape| shape.kind() == Kind::Structure && shape.name() == name)
    }

    #[test]
    fn every_departure_names_a_member_of_the_model() {
        for (of, member, _) in RULES {
            assert!(structure(of).is_some_and(|shape| shape.member(member).is_some()), "{of}.{member}");
        }
        for (of, members) in ORDER.iter().chain(INCOMPLETE) {
            for member in *members {
                assert!(structure(of).is_some_and(|shape| shape.member(member).is_some()), "{of}.{member}");
            }
        }
    }

    #[test]
    fn departures_are_sorted_by_structure() {
        assert!(RULES.is_sorted_by_key(|(of, _, _)| *of));
        assert_eq!(rules("CreateTableInput").len(), 5);
        assert_eq!(rules("Nothing").len(), 0);
    }
}

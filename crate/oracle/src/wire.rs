//! Requests as they are sent.

use crate::condition::Test;
use crate::json::Json;
use crate::request::{
    Action, BatchedWrite, Consumed, Effect, Get, Query, RangeTest, Read, Returns, Select, Shown, TableChange, TableKeys, Transaction, Write,
};
use crate::table::{Table, attribute_definition};
use crate::text::Placeholders;
use crate::value::{Item, Side, Value, item_json};

fn sent(item: &Item) -> Json {
    item_json(item, Side::Request)
}

fn write_consumed(request: &mut Json, consumed: Consumed) {
    let word = match consumed {
        Consumed::None => return,
        Consumed::Total => "TOTAL",
        Consumed::Indexes => "INDEXES",
    };
    request.set("ReturnConsumedCapacity", Json::text(word));
}

fn write_shown(request: &mut Json, shown: &Shown, given: &mut Placeholders) {
    match shown {
        Shown::All => {}
        Shown::Paths(paths) => {
            let paths: Vec<String> = paths.iter().map(|path| given.path(path)).collect();
            request.set("ProjectionExpression", Json::Text(paths.join(", ")));
        }
        Shown::Attributes(names) => request.set("AttributesToGet", Json::Array(names.iter().map(Json::text).collect())),
    }
}

/// What becomes of which item; the operation.
fn write_effect(request: &mut Json, effect: &Effect, given: &mut Placeholders) -> &'static str {
    match effect {
        Effect::Put(item) => {
            request.set("Item", sent(item));
            return "PutItem";
        }
        Effect::Delete(key) | Effect::Check(key) | Effect::Update(key, _) | Effect::LegacyUpdate(key, _) => request.set("Key", sent(key)),
    }
    match effect {
        Effect::Update(_, update) => {
            let text = update.text(given);
            if !text.is_empty() {
                request.set("UpdateExpression", Json::Text(text));
            }
        }
        Effect::LegacyUpdate(_, update) => request.set("AttributeUpdates", update.legacy_json()),
        _ => return "DeleteItem",
    }
    "UpdateItem"
}

/// PutItem, DeleteItem or UpdateItem.
pub fn write(table: &Table, write: &Write) -> (&'static str, Json) {
    let mut request = Json::object([("TableName", Json::text(&table.name))]);
    let mut given = Placeholders::default();
    let operation = write_effect(&mut request, &write.effect, &mut given);
    match &write.condition {
        None => {}
        Some(Test::Expression(condition)) => {
            let text = condition.text(&mut given);
            request.set("ConditionExpression", Json::Text(text));
        }
        Some(Test::Legacy(condition)) => condition.write_to(&mut request, "Expected"),
    }
    let returns = match write.returns {
        Returns::None => None,
        Returns::AllOld => Some("ALL_OLD"),
        Returns::AllNew => Some("ALL_NEW"),
        Returns::UpdatedOld => Some("UPDATED_OLD"),
        Returns::UpdatedNew => Some("UPDATED_NEW"),
    };
    if let Some(returns) = returns {
        request.set("ReturnValues", Json::text(returns));
    }
    if write.old_on_failure {
        request.set("ReturnValuesOnConditionCheckFailure", Json::text("ALL_OLD"));
    }
    if write.metrics {
        request.set("ReturnItemCollectionMetrics", Json::text("SIZE"));
    }
    write_consumed(&mut request, write.consumed);
    given.write_to(&mut request);
    (operation, request)
}

/// GetItem.
pub fn get(table: &Table, get: &Get) -> Json {
    let mut request = Json::object([("TableName", Json::text(&table.name)), ("Key", sent(&get.key))]);
    let mut given = Placeholders::default();
    write_shown(&mut request, &get.shown, &mut given);
    if get.consistent {
        request.set("ConsistentRead", Json::Bool(true));
    }
    write_consumed(&mut request, get.consumed);
    given.write_to(&mut request);
    request
}

fn read(table: &Table, read: &Read, filter_member: &str, given: &mut Placeholders) -> Json {
    let mut request = Json::object([("TableName", Json::text(&table.name))]);
    if let Some(index) = read.target {
        request.set("IndexName", Json::text(&table.indexes[index].name));
    }
    match &read.filter {
        None => {}
        Some(Test::Expression(condition)) => {
            let text = condition.text(given);
            request.set("FilterExpression", Json::Text(text));
        }
        Some(Test::Legacy(condition)) => condition.write_to(&mut request, filter_member),
    }
    write_shown(&mut request, &read.shown, given);
    let select = match read.select {
        Select::Unsaid => None,
        Select::All => Some("ALL_ATTRIBUTES"),
        Select::AllProjected => Some("ALL_PROJECTED_ATTRIBUTES"),
        Select::Specific => Some("SPECIFIC_ATTRIBUTES"),
        Select::Count => Some("COUNT"),
    };
    if let Some(select) = select {
        request.set("Select", Json::text(select));
    }
    if let Some(limit) = read.limit {
        request.set("Limit", Json::integer(limit));
    }
    if read.consistent {
        request.set("ConsistentRead", Json::Bool(true));
    }
    write_consumed(&mut request, read.consumed);
    request
}

/// Query.
pub fn query(table: &Table, query: &Query) -> Json {
    let mut given = Placeholders::default();
    let mut request = read(table, &query.read, "QueryFilter", &mut given);
    let (hash, range) = table.schema(query.read.target);
    let equal = hash.iter().zip(&query.hash).chain(range.iter().zip(&query.equal));
    let tested = range.get(query.equal.len()).zip(query.test.as_ref());
    if query.legacy_keys {
        let clause = |operator: &str, values: &[&Value]| {
            let values = values.iter().map(|value| value.json(Side::Request));
            Json::object([
                ("ComparisonOperator", Json::text(operator)),
                ("AttributeValueList", Json::Array(values.collect())),
            ])
        };
        let mut conditions = Json::object([]);
        equal.for_each(|(name, value)| conditions.set(name, clause("EQ", &[value])));
        if let Some((name, test)) = tested {
            let clause = match test {
                RangeTest::Compare(comparator, bound) => clause(comparator.legacy_name(), &[bound]),
                RangeTest::Between(lower, upper) => clause("BETWEEN", &[lower, upper]),
                RangeTest::BeginsWith(prefix) => clause("BEGINS_WITH", &[prefix]),
            };
            conditions.set(name, clause);
        }
        request.set("KeyConditions", conditions);
    } else {
        let mut clauses: Vec<String> = Vec::new();
        for (name, value) in equal {
            let (name, value) = (given.name(name), given.value(value));
            // Either side may be the attribute.
            clauses.push(if clauses.len().is_multiple_of(2) {
                format!("{name} = {value}")
            } else {
                format!("{value} = {name}")
            });
        }
        if let Some((name, test)) = tested {
            let name = given.name(name);
            clauses.push(match test {
                RangeTest::Compare(comparator, bound) => format!("{name} {} {}", comparator.symbol(), given.value(bound)),
                RangeTest::Between(lower, upper) => {
                    let lower = given.value(lower);
                    format!("{name} BETWEEN {lower} AND {}", given.value(upper))
                }
                RangeTest::BeginsWith(prefix) => format!("begins_with({name}, {})", given.value(prefix)),
            });
        }
        // The order of the clauses means nothing.
        clauses.reverse();
        request.set("KeyConditionExpression", Json::Text(clauses.join(" AND ")));
    }
    if !query.forward {
        request.set("ScanIndexForward", Json::Bool(false));
    }
    if let Some(start) = &query.start {
        request.set("ExclusiveStartKey", sent(start));
    }
    given.write_to(&mut request);
    request
}

/// Scan.
pub fn scan(table: &Table, scan: &Read, segments: usize) -> Json {
    let mut given = Placeholders::default();
    let mut request = read(table, scan, "ScanFilter", &mut given);
    if segments > 1 {
        request.set("TotalSegments", Json::integer(segments));
    }
    given.write_to(&mut request);
    request
}

/// BatchGetItem.
pub fn batch_get(tables: &[Table], asked: &[TableKeys], consumed: Consumed) -> Json {
    let mut items = Json::object([]);
    for TableKeys {
        table,
        keys,
        shown,
        consistent,
    } in asked
    {
        let mut given = Placeholders::default();
        let mut element = Json::object([("Keys", Json::Array(keys.iter().map(sent).collect()))]);
        write_shown(&mut element, shown, &mut given);
        if *consistent {
            element.set("ConsistentRead", Json::Bool(true));
        }
        given.write_to(&mut element);
        items.set(&tables[*table].name, element);
    }
    let mut request = Json::object([("RequestItems", items)]);
    write_consumed(&mut request, consumed);
    request
}

/// BatchWriteItem.
pub fn batch_write(tables: &[Table], asked: &[(usize, Vec<BatchedWrite>)], consumed: Consumed, metrics: bool) -> Json {
    let mut items = Json::object([]);
    for (table, writes) in asked {
        let writes = writes.iter().map(|write| match write {
            BatchedWrite::Put(item) => Json::object([("PutRequest", Json::object([("Item", sent(item))]))]),
            BatchedWrite::Delete(key) => Json::object([("DeleteRequest", Json::object([("Key", sent(key))]))]),
        });
        items.set(&tables[*table].name, Json::Array(writes.collect()));
    }
    let mut request = Json::object([("RequestItems", items)]);
    write_consumed(&mut request, consumed);
    if metrics {
        request.set("ReturnItemCollectionMetrics", Json::text("SIZE"));
    }
    request
}

/// TransactWriteItems.
pub fn transact_write(tables: &[Table], transaction: &Transaction) -> Json {
    let actions = transaction
        .actions
        .iter()
        .map(|action| transact_action(&tables[action.table], action));
    let mut request = Json::object([("TransactItems", Json::Array(actions.collect()))]);
    if let Some(token) = &transaction.token {
        request.set("ClientRequestToken", Json::text(token));
    }
    write_consumed(&mut request, transaction.consumed);
    if transaction.metrics {
        request.set("ReturnItemCollectionMetrics", Json::text("SIZE"));
    }
    request
}

fn transact_action(table: &Table, action: &Action) -> Json {
    let mut members = Json::object([("TableName", Json::text(&table.name))]);
    let mut given = Placeholders::default();
    write_effect(&mut members, &action.effect, &mut given);
    if let Some(condition) = &action.condition {
        let text = condition.text(&mut given);
        members.set("ConditionExpression", Json::Text(text));
    }
    if action.old_on_failure {
        members.set("ReturnValuesOnConditionCheckFailure", Json::text("ALL_OLD"));
    }
    given.write_to(&mut members);
    let kind = match &action.effect {
        Effect::Put(_) => "Put",
        Effect::Delete(_) => "Delete",
        Effect::Check(_) => "ConditionCheck",
        Effect::Update(..) | Effect::LegacyUpdate(..) => "Update",
    };
    Json::object([(kind, members)])
}

/// TransactGetItems.
pub fn transact_get(tables: &[Table], gets: &[Get], consumed: Consumed) -> Json {
    let gets = gets.iter().map(|asked| Json::object([("Get", get(&tables[asked.table], asked))]));
    let mut request = Json::object([("TransactItems", Json::Array(gets.collect()))]);
    write_consumed(&mut request, consumed);
    request
}

/// UpdateTable.
pub fn update_table(table: &Table, change: &TableChange) -> Json {
    let mut request = Json::object([("TableName", Json::text(&table.name))]);
    let mut index_update = |action: &str, members: Json| {
        let update = Json::object([(action, members)]);
        request.set("GlobalSecondaryIndexUpdates", Json::Array(vec![update]));
    };
    match change {
        TableChange::Create(index, kinds) => {
            index_update("Create", index.definition());
            let kinds = kinds.iter().map(|(name, kind)| attribute_definition(name, kind));
            request.set("AttributeDefinitions", Json::Array(kinds.collect()));
        }
        TableChange::Delete(name) => index_update("Delete", Json::object([("IndexName", Json::text(name))])),
        TableChange::EnableStream(view) => request.set("StreamSpecification", view.specification()),
        TableChange::DisableStream => request.set("StreamSpecification", Json::object([("StreamEnabled", Json::Bool(false))])),
    }
    request
}

/// `TimeToLiveSpecification`
pub fn time_to_live(enabled: bool, attribute: &str) -> Json {
    Json::object([("Enabled", Json::Bool(enabled)), ("AttributeName", Json::text(attribute))])
}

//! What the two transactions share: no two actions on one item, 4 MB at most, and reasons why one did not happen (rules 74-77).

use crate::api::error::{ApiError, CancellationReason};
use crate::api::request::ReturnConsumedCapacity;
use crate::api::response::{CapacityUnits, ConsumedCapacity, TransactionUnit};
use crate::model::Item;
use crate::schema::json_text::{ObjectWriter, write_array};
use crate::schema::{KeyFault, TableDefinition, TableName};

/// Most bytes of all items of a transaction (rule 74).
const MOST_BYTES: usize = 4 << 20;

/// The reason of an action that would have gone through.
pub const NO_REASON: CancellationReason = CancellationReason {
    code: "None",
    message: None,
    item: None,
};

/// The reason of an action whose condition does not hold; `item` is the item as it was, where the action wants to see it.
pub fn condition_failed(item: Option<Vec<u8>>) -> CancellationReason {
    CancellationReason {
        code: "ConditionalCheckFailed",
        message: Some("The conditional request failed".into()),
        item,
    }
}

/// The reason of an action that is wrong for its table or its item.
pub fn validation_error(message: String) -> CancellationReason {
    CancellationReason {
        code: "ValidationError",
        message: Some(message),
        item: None,
    }
}

/// Cancels the transaction if any action has a reason to.
pub fn check_reasons(reasons: Vec<CancellationReason>) -> Result<(), ApiError> {
    if reasons.iter().all(|reason| *reason == NO_REASON) {
        Ok(())
    } else {
        Err(ApiError::transaction_canceled(reasons))
    }
}

/// No two actions may be on one item. An action without a whole key is refused for that, later.
pub fn check_distinct<'r>(actions: impl Iterator<Item = (&'r TableDefinition, &'r Item)>) -> Result<(), ApiError> {
    let mut seen: Vec<(&TableName, Item)> = Vec::new();
    for (table, item) in actions {
        let key = table.key_schema.key_item(item);
        if key.len() < table.key_schema.attributes().count() {
            continue;
        }
        let key = (&table.name, key);
        if seen.contains(&key) {
            return Err(ApiError::validation(
                "Transaction request cannot include multiple operations on one item",
            ));
        }
        seen.push(key);
    }
    Ok(())
}

/// The items of a transaction, by their sizes, may have 4 MB together (rule 74).
pub fn check_total_size(sizes: impl Iterator<Item = usize>) -> Result<(), ApiError> {
    if sizes.sum::<usize>() > MOST_BYTES {
        return Err(ApiError::validation(
            "Collection size of items exceeded, which can also be caused by the aggregate size of the items in the transaction \
             exceeding the 4MB limit",
        ));
    }
    Ok(())
}

/// Whether a fault of a key is found before the transaction begins, unless it only reads (rule 77).
pub fn is_found_at_the_door(fault: &KeyFault) -> bool {
    matches!(fault, KeyFault::Empty { .. } | KeyFault::IndexEmpty { .. })
}

/// What a transaction consumed, by table in the order of its actions.
#[derive(Default)]
pub struct TransactionCapacity<'r>(Vec<(&'r TableName, ConsumedCapacity)>);

impl<'r> TransactionCapacity<'r> {
    /// Adds an action's part: what it does to the table counts twice, what it does to indexes once (rule 65).
    pub fn add(&mut self, table_name: &'r TableName, mut consumed: ConsumedCapacity) {
        consumed.table = consumed.table + consumed.table;
        match self.0.iter_mut().find(|(name, _)| *name == table_name) {
            Some((_, sum)) => sum.add(consumed),
            None => self.0.push((table_name, consumed)),
        }
    }

    /// [`TransactionCapacity::add`] for a read.
    pub fn add_read(&mut self, table_name: &'r TableName, units: CapacityUnits) {
        let consumed = ConsumedCapacity {
            table: units,
            ..ConsumedCapacity::default()
        };
        self.add(table_name, consumed);
    }

    /// Writes the `ConsumedCapacity` member, if the request wants one.
    pub fn write(&self, reply: &mut ObjectWriter<'_>, mode: ReturnConsumedCapacity, unit: TransactionUnit) {
        if mode == ReturnConsumedCapacity::None {
            return;
        }
        write_array(reply.name("ConsumedCapacity"), &self.0, |out, (table_name, consumed)| {
            let mut object = ObjectWriter::begin(out);
            consumed.write_in_transaction(&mut object, table_name, mode, unit);
            object.end();
        });
    }
}

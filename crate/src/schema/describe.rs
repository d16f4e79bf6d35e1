//! Writing a `TableDescription`, as `DescribeTable`, `CreateTable` and `DeleteTable` answer with (rules 92, A4, A6).

use super::capacity::Throughput;
use super::index::{IndexDefinition, IndexKind};
use super::json_text::ObjectWriter;
use super::table::{TableDefinition, default_warm};
use super::table_name::{index_arn, stream_arn, table_arn};
use super::vector_index::VectorIndexDefinition;

/// How many items, and how many bytes of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ItemCounts {
    /// `ItemCount`
    pub items: i64,
    /// `TableSizeBytes`, `IndexSizeBytes`
    pub bytes: i64,
}

/// What a description says beyond the definition.
pub struct DescriptionContext<'c> {
    /// The region in ARNs.
    pub region: &'c str,
    /// The table's own counts.
    pub table: ItemCounts,
    /// The counts of the index of that name.
    pub index: &'c dyn Fn(&str) -> ItemCounts,
}

/// Writes the description of a table as one JSON object.
pub fn write_table_description(out: &mut Vec<u8>, table: &TableDefinition, context: &DescriptionContext<'_>) {
    let mut object = ObjectWriter::begin(out);
    let region = context.region;
    table.attribute_definitions.write_json(object.name("AttributeDefinitions"));
    object.string("TableName", &table.name);
    table.key_schema.write_json(object.name("KeySchema"));
    object.string("TableStatus", table.status.name());
    object.timestamp("CreationDateTime", table.created_at);
    write_throughput(&mut object, table.throughput);
    object.integer("TableSizeBytes", context.table.bytes);
    object.integer("ItemCount", context.table.items);
    object.string("TableArn", &table_arn(region, &table.name));
    object.string("TableId", &table.id);
    if let Some(since) = table.on_demand_since {
        object.object("BillingModeSummary", |summary| {
            summary.string("BillingMode", table.billing_mode.name());
            summary.timestamp("LastUpdateToPayPerRequestDateTime", since);
        });
    }
    if !table.local_indexes.is_empty() {
        object.array("LocalSecondaryIndexes", &table.local_indexes, |out, index| {
            write_index(out, table, index, context);
        });
    }
    if !table.global_indexes.is_empty() {
        object.array("GlobalSecondaryIndexes", &table.global_indexes, |out, index| {
            write_index(out, table, index, context);
        });
    }
    if !table.vector_indexes.is_empty() {
        object.array("VectorIndexes", &table.vector_indexes, |out, index| {
            write_vector_index(out, table, index, context);
        });
    }
    if let Some(stream) = &table.stream {
        object.object("StreamSpecification", |specification| {
            specification.boolean("StreamEnabled", true);
            specification.string("StreamViewType", stream.view.name());
        });
    }
    if let Some(label) = &table.latest_stream_label {
        object.string("LatestStreamLabel", label);
        object.string("LatestStreamArn", &stream_arn(region, &table.name, label));
    }
    if let Some(sse) = &table.sse {
        object.object("SSEDescription", |description| sse.describe(description, region));
    }
    if let Some(class) = table.table_class {
        object.object("TableClassSummary", |summary| {
            summary.string("TableClass", class.name());
            if let Some(changed) = table.table_class_changed_at {
                summary.timestamp("LastUpdateDateTime", changed);
            }
        });
    }
    object.boolean("DeletionProtectionEnabled", table.deletion_protection);
    if let Some(limits) = table.on_demand_throughput {
        limits.write_json(object.name("OnDemandThroughput"));
    }
    object.object("WarmThroughput", |warm| {
        table.effective_warm_throughput().write_members(warm);
        warm.string("Status", "ACTIVE");
    });
    object.end();
}

fn write_throughput(object: &mut ObjectWriter<'_>, throughput: Option<Throughput>) {
    let units = throughput.unwrap_or(Throughput { read: 0, write: 0 });
    object.object("ProvisionedThroughput", |description| {
        description.integer("NumberOfDecreasesToday", 0);
        description.integer("ReadCapacityUnits", units.read);
        description.integer("WriteCapacityUnits", units.write);
    });
}

fn write_index(out: &mut Vec<u8>, table: &TableDefinition, index: &IndexDefinition, context: &DescriptionContext<'_>) {
    let mut object = ObjectWriter::begin(out);
    object.string("IndexName", &index.name);
    index.key_schema.write_json(object.name("KeySchema"));
    index.projection.write_json(object.name("Projection"));
    let global = index.kind == IndexKind::Global;
    if global {
        object.string("IndexStatus", index.status.name());
        if let Some(backfilling) = index.backfilling {
            object.boolean("Backfilling", backfilling);
        }
        write_throughput(&mut object, index.throughput);
    }
    write_counts(&mut object, table, &index.name, context);
    if global {
        if let Some(limits) = index.on_demand_throughput {
            limits.write_json(object.name("OnDemandThroughput"));
        }
        object.object("WarmThroughput", |warm| {
            index
                .warm_throughput
                .unwrap_or_else(|| default_warm(index.throughput))
                .write_members(warm);
            warm.string("Status", "ACTIVE");
        });
    }
    object.end();
}

fn write_vector_index(out: &mut Vec<u8>, table: &TableDefinition, index: &VectorIndexDefinition, context: &DescriptionContext<'_>) {
    let mut object = ObjectWriter::begin(out);
    index.write_members(&mut object);
    object.string("IndexStatus", index.status.name());
    write_counts(&mut object, table, &index.name, context);
    object.end();
}

fn write_counts(object: &mut ObjectWriter<'_>, table: &TableDefinition, index: &str, context: &DescriptionContext<'_>) {
    let counts = (context.index)(index);
    object.integer("IndexSizeBytes", counts.bytes);
    object.integer("ItemCount", counts.items);
    object.string("IndexArn", &index_arn(context.region, &table.name, index));
}

#[cfg(test)]
mod tests;

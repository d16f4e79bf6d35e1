//! What the account's own operations answer.

use crate::database::Db;
use serde_json::json;

#[test]
fn the_quotas_are_the_documented_defaults() {
    let db = Db::new();
    assert_eq!(
        db.ok("DescribeLimits", &json!({})),
        json!({
            "AccountMaxReadCapacityUnits": 80_000, "AccountMaxWriteCapacityUnits": 80_000,
            "TableMaxReadCapacityUnits": 40_000, "TableMaxWriteCapacityUnits": 40_000
        })
    );
}

#[test]
fn the_endpoint_is_the_regions() {
    let db = Db::new();
    assert_eq!(
        db.ok("DescribeEndpoints", &json!({})),
        json!({"Endpoints": [{"Address": "dynamodb.eu-west-2.amazonaws.com", "CachePeriodInMinutes": 1440}]})
    );
}

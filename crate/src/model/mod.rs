//! DynamoDB's data model: attribute values, items, numbers, key encodings, item size, and JSON in and out. Uses nothing of the project.

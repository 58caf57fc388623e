"""What search must survive: Elasticsearch killed, stopped, full, wrong. Real nodes and signals."""

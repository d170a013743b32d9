package com.nocobase.cluster.sample.datasource;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The tables of collections and fields.
 */
@Repository
class SchemaTables {

	private static final String SELECT = """
			select c.name as collection, f.name as field
			from collections c left join fields f on f.collection = c.name
			""";

	private final JdbcClient jdbc;

	SchemaTables(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	List<CollectionSchema> findAll() {
		return this.jdbc.sql(SELECT + "order by f.name").query(SchemaTables::collections);
	}

	Optional<CollectionSchema> find(String collection) {
		return this.jdbc.sql(SELECT + "where c.name = ? order by f.name")
			.param(collection)
			.query(SchemaTables::collections)
			.stream()
			.findFirst();
	}

	void insertCollection(String collection) {
		this.jdbc.sql("insert into collections (name) values (?)").param(collection).update();
	}

	boolean deleteCollection(String collection) {
		return this.jdbc.sql("delete from collections where name = ?").param(collection).update() > 0;
	}

	void insertField(String collection, String field) {
		this.jdbc.sql("insert into fields (collection, name) values (?, ?)").params(collection, field).update();
	}

	boolean deleteField(String collection, String field) {
		return this.jdbc.sql("delete from fields where collection = ? and name = ?")
			.params(collection, field)
			.update() > 0;
	}

	private static List<CollectionSchema> collections(ResultSet rows) throws SQLException {
		Map<String, List<String>> fields = new TreeMap<>();
		while (rows.next()) {
			List<String> known = fields.computeIfAbsent(rows.getString("collection"), (name) -> new ArrayList<>());
			String field = rows.getString("field");
			if (field != null) {
				known.add(field);
			}
		}
		return fields.entrySet()
			.stream()
			.map((entry) -> new CollectionSchema(entry.getKey(), entry.getValue()))
			.toList();
	}

}

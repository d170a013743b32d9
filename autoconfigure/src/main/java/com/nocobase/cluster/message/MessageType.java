package com.nocobase.cluster.message;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Logical type of a message, by which a receiver knows it. Without the annotation it is
 * the class's simple name in kebab case: {@code FieldRemoved} is {@code field-removed}.
 * The class itself may then be renamed or moved while old instances still run.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface MessageType {

	/**
	 * Returns the logical type.
	 * @return the type, unique among the messages of a channel
	 */
	String value();

}

package com.nocobase.cluster.cache.redis;

import java.lang.reflect.Type;

import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.support.SimpleValueWrapper;

import com.nocobase.cluster.cache.redis.RemoteRegion.Timed;
import com.nocobase.cluster.message.JsonCodec;

/**
 * Turns values into copies and back.
 *
 * @param <T> the type of the values
 * @param json turns values into JSON and back
 * @param type the type of the values
 * @param copyOnRead whether each read gives a copy
 */
record NearCopies<T>(JsonCodec json, Type type, boolean copyOnRead) {

	NearCopy copy(Timed<T> read, long askedAt, long drops) {
		long end = NearCopy.end(askedAt, read.millis());
		return this.copyOnRead ? new NearCopy.Text(this.json.write(read.value()), end, drops)
				: new NearCopy.Shared(read.value(), end, drops);
	}

	ValueWrapper value(NearCopy copy) {
		if (copy instanceof NearCopy.Text text) {
			return new SimpleValueWrapper(this.json.read(text.json(), this.type));
		}
		return (NearCopy.Shared) copy;
	}

}

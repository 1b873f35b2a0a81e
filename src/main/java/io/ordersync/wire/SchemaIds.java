package io.ordersync.wire;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;

/** How a record names the schema it was written with: by an integer id, or by a GUID, which is a {@link UUID}. */
final class SchemaIds {

    /** Byte 0, and the id. */
    static final int BYTES = 1 + Integer.BYTES;

    private static final int GUID_BYTES = 1 + 2 * Long.BYTES;

    private SchemaIds() {}

    /**
     * The id before the Avro binary.
     *
     * @param what key or value
     */
    static Integer before(byte[] data, String what) {
        if (data.length < BYTES) {
            throw new SerializationException("the " + what + " is shorter than its header");
        }
        if (data[0] != 0) {
            throw new SerializationException("the " + what + " does not begin with byte 0");
        }
        return ByteBuffer.wrap(data).getInt(1);
    }

    /** The id, or the GUID, in a header. */
    static Object in(Header header) {
        byte[] value = header.value();
        ByteBuffer bytes = ByteBuffer.wrap(value);
        if (value.length == BYTES && value[0] == 0) {
            return bytes.getInt(1);
        }
        if (value.length == GUID_BYTES && value[0] == 1) {
            return new UUID(bytes.getLong(1), bytes.getLong(1 + Long.BYTES));
        }
        throw new SerializationException("the header " + header.key() + " holds no schema id and no GUID");
    }
}

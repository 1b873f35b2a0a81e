package io.ordersync.messaging;

import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;

/** The generated classes of the contract. */
public final class Contract {

    static {
        // Avro 1.12.2 makes objects of no class it was not told to trust, not even of those it generated itself.
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(),
                type -> type.getPackageName().equals("io.ordersync.contract")));
    }

    private Contract() {}

    /** How Avro reads and writes records of {@code type}. Nobody makes one before this was called once, for any type. */
    public static SpecificData model(Class<? extends SpecificRecord> type) {
        return SpecificData.getForClass(type);
    }
}

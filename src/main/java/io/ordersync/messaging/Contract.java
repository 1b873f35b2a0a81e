package io.ordersync.messaging;

import io.ordersync.contract.RefundApproved;
import io.ordersync.wire.TrustedClasses;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/** The generated classes of the contract. */
public final class Contract {

    static {
        // Any of them: they are all in one package.
        TrustedClasses.trust(RefundApproved.class);
    }

    private Contract() {}

    /** How Avro reads and writes records of {@code type}. Nobody makes one before this was called once, for any type. */
    public static SpecificData model(Class<? extends SpecificRecord> type) {
        return SpecificData.getForClass(type);
    }
}

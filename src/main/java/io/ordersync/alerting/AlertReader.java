package io.ordersync.alerting;

import io.ordersync.contract.OrderAlert;
import org.jspecify.annotations.Nullable;

/** Reads what stands in the alerts' topic. */
public interface AlertReader {

    /** Can {@code value} be read without waiting for the registry? If not, that is asked meanwhile. Never waits. */
    boolean isReadable(byte[] value);

    /** The alert; null when it can't be read, now or ever. */
    @Nullable
    OrderAlert read(byte[] value);
}

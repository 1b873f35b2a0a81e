package io.ordersync.architecture.broken.wire;

import io.ordersync.contract.LockLine;

/** Breaks a rule. */
final class KnowsTheContract {

    Class<?> value() {
        return LockLine.class;
    }
}

package io.ordersync.architecture.broken.domain;

import java.io.PrintStream;
import java.util.logging.Logger;

/** Breaks a rule. */
final class Logs {

    void log(Logger logger, org.slf4j.Logger other, System.Logger another, PrintStream out) {
        logger.info("a");
        other.info("b");
        another.log(System.Logger.Level.INFO, "c");
        out.println("d");
    }
}

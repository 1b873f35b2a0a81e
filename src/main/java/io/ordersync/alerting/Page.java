package io.ordersync.alerting;

import io.ordersync.contract.AlertSeverity;
import java.util.List;

/**
 * A message to people, before it takes a vendor's form. All of it is plain text, and ids in it come from outside: whoever
 * writes them as markup escapes them.
 *
 * @param resolved nothing of it holds any more
 * @param facts what is the case, each with its label
 * @param alerts a line for each alert, the gravest first; empty for a single one, of which the facts say all
 * @param id of the letter
 */
record Page(String title, AlertSeverity severity, boolean resolved, List<Fact> facts, List<String> alerts, String id) {

    record Fact(String label, String text) {}
}

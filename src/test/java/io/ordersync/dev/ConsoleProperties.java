package io.ordersync.dev;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the console tells.
 *
 * @param follow a part of an order key: then all records of such orders are told, and nothing of others; empty: races and cases
 */
@ConfigurationProperties("shop")
record ConsoleProperties(@DefaultValue("") String follow) {}

package io.ordersync.alerting;

/** In which a channel is told. */
public enum Language {
    ZH,
    EN
}

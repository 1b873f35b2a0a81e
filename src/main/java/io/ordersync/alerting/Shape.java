package io.ordersync.alerting;

/**
 * What a channel makes of alerts.
 *
 * @param alertsPerRequest how many one request may tell
 * @param urgentPerRequest the same of what is CRITICAL, each of which is to be read
 * @param lastSaysAll true when of what is said of one alert meanwhile only the last is told; else each is
 * @param tellsRepeats true when an alert is told again that is as grave as before, asks for the same, and did not end
 */
record Shape(int alertsPerRequest, int urgentPerRequest, boolean lastSaysAll, boolean tellsRepeats) {

    /** For people: as much in one message as there is, and nothing twice. */
    static final Shape CHAT = new Shape(Integer.MAX_VALUE, 10, true, false);
}

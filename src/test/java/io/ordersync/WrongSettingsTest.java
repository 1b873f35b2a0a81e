package io.ordersync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A start with a wrong setting fails at once, and says in one line which, what it is, and what would do. */
@ExtendWith(OutputCaptureExtension.class)
class WrongSettingsTest {

    private static final Pattern DESCRIPTION = Pattern.compile("Description:\\R\\R(.*?)\\R\\R", Pattern.DOTALL);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            order-sync.mode=dark                                   | order-sync.mode is 'dark': active or shadow is needed
            order-sync.state.store=disk                            | order-sync.state.store is 'disk': memory or rocksdb is needed
            order-sync.state.retention=0d                          | order-sync.state.retention is 'PT0S': a duration above zero is needed, such as 30s, 15m or 10d
            order-sync.state.lock-retention=44d                    | order-sync.state.lock-retention is 'PT1056H': it must not be shorter than order-sync.state.retention, PT1080H
            order-sync.policy.recall-within=-1d                    | order-sync.policy.recall-within is 'PT-24H': a duration above zero is needed, such as 30s, 15m or 10d
            order-sync.policy.recall-within=soon                   | order-sync.policy.recall-within is 'soon': a duration is needed, such as 30s, 15m or 10d
            order-sync.policy.clock-tolerance=-1s                  | order-sync.policy.clock-tolerance is 'PT-1S': it must not be negative; 5m is the default
            order-sync.policy.pickup-grace=0m                      | order-sync.policy.pickup-grace is 'PT0S': a duration above zero is needed, such as 30s, 15m or 10d
            order-sync.policy.recall-mixed-parcels=perhaps         | order-sync.policy.recall-mixed-parcels is 'perhaps': true or false is needed
            order-sync.policy.intercept-fee-minor.CNY=abc          | order-sync.policy.intercept-fee-minor.cny is 'abc': a whole number is needed, an amount in the currency's minor unit
            order-sync.policy.intercept-fee-minor.CNY=-1           | order-sync.policy.intercept-fee-minor.CNY is '-1': it must not be negative
            order-sync.policy.max-intercept-fee-minor.RENMINBI=100 | order-sync.policy.max-intercept-fee-minor.RENMINBI is '100': the last part must be a currency such as CNY
            order-sync.polcy.x=1                                   | order-sync.polcy.x: no such property; the README lists those there are
            order-sync.schema-registry.url=nonsense                | order-sync.schema-registry.url is 'nonsense': a URL such as http://localhost:8081 is needed
            order-sync.schema-registry.url=http://a b              | order-sync.schema-registry.url is 'http://a b': a URL such as http://localhost:8081 is needed
            order-sync.schema-registry.url=                        | order-sync.schema-registry.url is '': a URL such as http://localhost:8081 is needed
            order-sync.serde.value-serializer=io.Nobody            | order-sync.serde.value-serializer is 'io.Nobody': a class on the class path is needed that is a org.apache.kafka.common.serialization.Serializer
            order-sync.serde.value-deserializer=java.lang.String   | order-sync.serde.value-deserializer is 'java.lang.String': a class on the class path is needed that is a org.apache.kafka.common.serialization.Deserializer
            order-sync.schema-registry.properties.max.retries=many | order-sync.schema-registry.properties: Invalid value many for configuration max.retries: Not a number of type INT
            order-sync.schema-registry.properties.basic.auth.credentials.source=FILE | order-sync.schema-registry.properties: Invalid value FILE for configuration basic.auth.credentials.source: URL, USER_INFO or SASL_INHERIT is needed
            order-sync.topics.refund-approved=a b                  | order-sync.topics.refund-approved is 'a b': a topic's name is needed, of letters, digits, '.', '_' and '-'
            order-sync.topics.refund-approved=                     | order-sync.topics.refund-approved is '': a topic's name is needed, of letters, digits, '.', '_' and '-'
            order-sync.topics.shipment-created=refund-approved     | order-sync.topics.shipment-created is 'refund-approved': a name of its own is needed, refund-approved has this one
            order-sync.topics.case-resolutions=a b                 | order-sync.topics.case-resolutions is 'a b': a topic's name is needed, of letters, digits, '.', '_' and '-'
            order-sync.topics.order-cases=                         | order-sync.topics.order-cases is '': a topic's name is needed, of letters, digits, '.', '_' and '-'
            order-sync.topics.order-cases=shipment-status          | order-sync.topics.order-cases is 'shipment-status': a name of its own is needed, shipment-status has this one
            order-sync.alerting.channels.a.type=dingding           | order-sync.alerting.channels.a.type is 'dingding': dingtalk or wecom or feishu or slack or alertmanager or pagerduty or webhook is needed
            order-sync.alerting.channels.a.language=en             | order-sync.alerting.channels.a.type is '': one of dingtalk, wecom, feishu, slack, alertmanager, pagerduty, webhook is needed
            order-sync.alerting.channels.a.type=slack              | order-sync.alerting.channels.a.url is '***': the URL that the vendor gives is needed
            order-sync.alerting.channels.a.type=pagerduty          | order-sync.alerting.channels.a: a secret is needed: the routing key of an integration
            order-sync.alerting.channels.A_b.type=slack            | order-sync.alerting.channels is 'A_b': the name of a channel is of small letters, digits and '-', at most 40 of them
            order-sync.alerting.look-back=0s                       | order-sync.alerting.look-back is 'PT0S': a duration above zero is needed, such as 1h
            order-sync.alerting.chanels.a.type=slack               | order-sync.alerting.chanels.a.type: no such property; the README lists those there are
            """, quoteCharacter = '"')
    void areToldInOneLine(String setting, String line, CapturedOutput output) {
        assertThat(descriptionOfTheFailureWith(output, "--" + setting)).isEqualTo(line);
    }

    @Test
    void areToldWithoutTheirValuesWhereTheNameIsUnknown(CapturedOutput output) {
        assertThat(descriptionOfTheFailureWith(
                        output, "--order-sync.state.stroe=disk", "--order-sync.schema-registry.user-inof=me:secret"))
                .isEqualTo("order-sync.schema-registry.user-inof, order-sync.state.stroe: no such property;"
                        + " the README lists those there are");
        assertThat(output.getAll()).doesNotContain("me:secret");
    }

    @Test
    void areToldWithoutTheSecretsBesideThem(CapturedOutput output) {
        assertThat(descriptionOfTheFailureWith(
                        output,
                        "--order-sync.schema-registry.url=http://me:geheim@registry:8081",
                        "--order-sync.schema-registry.properties.bearer.auth.token=geheim",
                        "--order-sync.schema-registry.properties.bearer.auth.credentials.source=OAUTHBEARER"))
                .isEqualTo("order-sync.schema-registry.properties: Invalid value OAUTHBEARER for configuration"
                        + " bearer.auth.credentials.source: STATIC_TOKEN is the only source here");
        assertThat(output.getAll()).doesNotContain("geheim");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            url=ftp://geheim@x                | order-sync.alerting.channels.a.url is '***': the URL that the vendor gives is needed
            url=https://geheim here           | order-sync.alerting.channels.a.url is '***': the URL that the vendor gives is needed
            url=https://me:geheim@x/y         | order-sync.alerting.channels.a: user and password are not sent by way of the url: set a header, authorization
            secret=whsec_geheim%              | order-sync.alerting.channels.a: what follows whsec_ must be Base64
            headers.x-token=gehe\u0007im     | order-sync.alerting.channels.a: the header x-token can't be sent
            time-limit=10m                    | order-sync.alerting.channels.a: time-limit must not be above PT30S
            longest-pause=1ms                 | order-sync.alerting.channels.a: time-limit and first-pause must be above zero, and longest-pause not below first-pause
            grouping.interval=-1s             | order-sync.alerting.channels.a: neither first-after nor interval may be negative: PT0S, PT-1S
            rate-limit.requests=0             | order-sync.alerting.channels.a: at least one request in a period above zero is needed
            most-pending=0                    | order-sync.alerting.channels.a: most-pending must be above zero
            """)
    void ofAChannelAreToldWithoutItsSecrets(String setting, String line, CapturedOutput output) {
        String channel = "--order-sync.alerting.channels.a.";
        assertThat(descriptionOfTheFailureWith(
                        output,
                        channel + "type=webhook",
                        channel + "rate-limit.per=1s",
                        channel + (setting.startsWith("rate") ? "language=en" : "rate-limit.requests=1"),
                        channel + (setting.startsWith("url") ? "language=en" : "url=https://localhost/hook"),
                        channel + setting))
                .isEqualTo(line);
        assertThat(output.getAll()).doesNotContain("geheim");
    }

    private static String descriptionOfTheFailureWith(CapturedOutput output, String... settings) {
        String[] arguments = Stream.concat(
                        Stream.of("--server.port=0", "--spring.main.banner-mode=off"), Stream.of(settings))
                .toArray(String[]::new);
        assertThatThrownBy(() -> SpringApplication.run(OrderSyncApplication.class, arguments))
                .isInstanceOf(Exception.class);
        Matcher description = DESCRIPTION.matcher(output.getAll());
        assertThat(description.find()).as(output.getAll()).isTrue();
        return description.group(1);
    }
}

package io.ordersync.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ordersync.domain.Rejection.Reason;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.DefaultApplicationArguments;

/** An option that is not what it seems must not send more than was meant. */
class RedriveOptionsTest {

    private static final Set<String> INPUTS = Set.of("refund-approved", "shipment-created");

    @Test
    void chooseNothingMoreThanTheySay() {
        assertThat(choice("redrive")).isEqualTo(new Redrive.Choice(Set.of(), Set.of(), false, false));
        assertThat(choice(
                        "redrive",
                        "--send",
                        "--from-beginning",
                        "--reason=unknown_schema, UNREADABLE",
                        "--topic=refund-approved",
                        "--topic=shipment-created",
                        "--spring.kafka.bootstrap-servers=kafka:9092"))
                .isEqualTo(new Redrive.Choice(Set.of(Reason.UNKNOWN_SCHEMA, Reason.UNREADABLE), INPUTS, true, true));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --reason=              | --reason is '': a value is needed; without the option, all are chosen
            --reason               | --reason is '': a value is needed
            --reason=UNREADABLE,   | --reason is 'UNREADABLE,': a value is needed
            --topic=               | --topic is '': a value is needed
            --topic= ,             | --topic is ' ,': a value is needed
            --topic                | --topic is '': a value is needed
            --topic=refund-aproved | --topic is 'refund-aproved': one of [refund-approved, shipment-created] is needed
            --reason=because       | --reason is 'because': one of [UNREADABLE, UNKNOWN_SCHEMA,
            --send=false           | --send is 'false': it takes no value
            --send=                | --send is '': it takes no value
            --from-beginning=false | --from-beginning is 'false': it takes no value
            --sent                 | an option of redrive is '--sent': --reason=…, --topic=…, --from-beginning or --send is needed
            -send                  | an option of redrive is '-send': --reason=…
            send                   | an option of redrive is 'send': --reason=…
            """)
    void areRefused(String option, String line) {
        assertThatThrownBy(() -> choice("redrive", "--send", option))
                .isInstanceOf(InvalidSetting.class)
                .hasMessageStartingWith(line);
    }

    @Test
    void areRefusedWhenASpaceStandsForTheEqualsSign() {
        assertThatThrownBy(() -> choice("redrive", "--topic", "refund-approved"))
                .isInstanceOf(InvalidSetting.class);
    }

    private static Redrive.Choice choice(String... arguments) {
        return RedriveConfiguration.choice(new DefaultApplicationArguments(arguments), INPUTS);
    }
}

# The service, and the simulated shop that docker-compose.yml can open beside it. Both are built from the sources in here:
# whoever has Docker needs no JDK and no Maven.

# Where artifacts come from a mirror: an image with its settings.xml and its certificates.
ARG MAVEN_IMAGE=maven:3.9-eclipse-temurin-25

FROM ${MAVEN_IMAGE} AS build
WORKDIR /build
# Nearly all that Maven fetches it fetches here: only a change of these two has it fetched again.
COPY pom.xml ./
COPY schemas/order-sync.avdl schemas/
RUN mvn -B -ntp -Dspotless.check.skip test-compile
COPY src/main src/main
# By layers: an image of the next version shares the libraries with this one.
RUN mvn -B -ntp -Dspotless.check.skip package -Dmaven.test.skip \
    && rm target/*-client.jar \
    && java -Djarmode=tools -jar target/order-sync-*.jar extract --layers --application-filename app.jar --destination layers

FROM eclipse-temurin:25-jre AS service
LABEL org.opencontainers.image.title="order-sync" \
      org.opencontainers.image.description="Finds parcels that leave although they were refunded, and calls them back."
WORKDIR /app
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/application/ ./
# A start without broker or registry, up to where it would ask for them: the JVM keeps what it loaded and linked.
RUN java -XX:AOTCacheOutput=app.aot --enable-native-access=ALL-UNNAMED -Dspring.context.exit=onRefresh -jar app.jar
RUN mkdir /var/lib/order-sync && chown 10001:10001 /var/lib/order-sync
# Nothing else is written but /tmp, where native libraries are unpacked: it must not be noexec.
VOLUME /var/lib/order-sync
# Below the volume: Streams wants a directory of its own, whose permissions it may set.
ENV SPRING_KAFKA_STREAMS_STATEDIR=/var/lib/order-sync/state
# Not on the command line, which is parsed after it and would win over who gives another part of the memory.
ENV JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=75
USER 10001:10001
EXPOSE 8080
# No shell: the JVM gets SIGTERM itself. More options by JAVA_TOOL_OPTIONS, with the heap's.
ENTRYPOINT ["java", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED", "-XX:AOTCache=app.aot", "-jar", "app.jar"]

FROM build AS build-shop
COPY src/test src/test
RUN mvn -B -ntp -Dspotless.check.skip test-compile dependency:copy-dependencies -DincludeScope=test

FROM eclipse-temurin:25-jre AS shop
LABEL org.opencontainers.image.title="order-sync-shop"
WORKDIR /app
COPY --from=build-shop /build/target/dependency lib
COPY --from=build-shop /build/target/classes classes
COPY --from=build-shop /build/target/test-classes test-classes
USER 10001:10001
ENTRYPOINT ["java", "-XX:+ExitOnOutOfMemoryError", "-XX:MaxRAMPercentage=75", "-cp", "test-classes:classes:lib/*", "io.ordersync.dev.ShopApplication"]

{{/* 52: a StatefulSet's revisions add 11 characters to it, and labels hold 63. */}}
{{- define "order-sync.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* The full name and a suffix, in 63 characters. Takes (list $ "suffix"). */}}
{{- define "order-sync.named" -}}
{{- $suffix := printf "-%s" (index . 1) -}}
{{- printf "%s%s" (include "order-sync.fullname" (index . 0) | trunc (int (sub 63 (len $suffix))) | trimSuffix "-") $suffix -}}
{{- end -}}

{{- define "order-sync.selectorLabels" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* What is of the service itself, and not of its test. */}}
{{- define "order-sync.podSelectorLabels" -}}
{{ include "order-sync.selectorLabels" . }}
app.kubernetes.io/component: service
{{- end -}}

{{- define "order-sync.labels" -}}
{{ include "order-sync.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "order-sync.image" -}}
{{- $image := .Values.image -}}
{{- if $image.registry }}{{ $image.registry }}/{{ end }}{{ $image.repository }}:{{ default .Chart.AppVersion $image.tag }}
{{- if $image.digest }}@{{ $image.digest }}{{ end }}
{{- end -}}

{{- define "order-sync.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "order-sync.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "order-sync.workloadKind" -}}
{{- ternary "StatefulSet" "Deployment" (eq .Values.state.store "rocksdb") -}}
{{- end -}}

{{/* How many instances there are at least. */}}
{{- define "order-sync.instances" -}}
{{- if .Values.autoscaling.enabled -}}{{ int .Values.autoscaling.minReplicas }}
{{- else if .Values.keda.enabled -}}{{ int .Values.keda.minReplicas }}
{{- else -}}{{ int .Values.replicaCount }}
{{- end -}}
{{- end -}}

{{- define "order-sync.standbys" -}}
{{- if kindIs "invalid" .Values.standbyReplicas -}}
{{- ternary 1 0 (gt (int (include "order-sync.instances" .)) 1) -}}
{{- else -}}
{{- int .Values.standbyReplicas -}}
{{- end -}}
{{- end -}}

{{- define "order-sync.hasChannels" -}}
{{- if and .Values.alerting.enabled .Values.alerting.channels }}true{{ end -}}
{{- end -}}

{{- define "order-sync.usesSasl" -}}
{{- if hasPrefix "SASL_" .Values.kafka.security.protocol }}true{{ end -}}
{{- end -}}

{{- define "order-sync.usesTls" -}}
{{- if hasSuffix "SSL" .Values.kafka.security.protocol }}true{{ end -}}
{{- end -}}

{{/* The names of all topics by their values, as YAML: the contract's, and over these what is given. */}}
{{- define "order-sync.topics" -}}
{{- $contract := dict "deadLetters" "order-sync-dead-letters" -}}
{{- range list "refundApproved" "shipmentCreated" "refundClosed" "shipmentVoided" "shipmentStatus" "warehouseLockResults" "interceptResults" "caseResolutions" "warehouseLockCommands" "interceptShipmentCommands" "orderAlerts" "orderCases" "orderAlertsUndelivered" -}}
{{- $_ := set $contract . (kebabcase .) -}}
{{- end -}}
{{- /* Not merged: an empty name, which is an absent topic, would be passed over. */ -}}
{{- range $value, $name := .Values.topics -}}{{- $_ := set $contract $value $name -}}{{- end -}}
{{- toYaml $contract -}}
{{- end -}}

{{- define "order-sync.inputs" -}}
[refundApproved, shipmentCreated, refundClosed, shipmentVoided, shipmentStatus, warehouseLockResults, interceptResults, caseResolutions]
{{- end -}}

{{/* The name of a setting whose value is a secret as it is, by its name; empty if there is none. Takes (list "its name" value). */}}
{{- define "order-sync.plainSecret" -}}
{{- $name := index . 0 -}}
{{- $value := index . 1 -}}
{{- if or (kindIs "map" $value) (kindIs "slice" $value) -}}
{{- $found := "" -}}
{{- range $key, $part := $value -}}
{{- if not $found -}}{{- $found = include "order-sync.plainSecret" (list (printf "%s.%v" $name $key | trimPrefix ".") $part) -}}{{- end -}}
{{- end -}}
{{- $found -}}
{{- else if and $value (regexMatch "(?i)(password|secret|token|user[.-]?info|jaas[.-]?config|key-?store[.-]?key|authorization)$" $name) (not (contains "${" (toString $value))) -}}
{{- $name -}}
{{- end -}}
{{- end -}}

{{/* What contradicts itself, told before anything is made. */}}
{{- define "order-sync.validate" -}}
{{- $v := .Values -}}
{{- $fullname := include "order-sync.fullname" . -}}
{{- if not (regexMatch "^[a-z][-a-z0-9]*$" $fullname) -}}
{{- fail (printf "%s is no name of a Service, which begins with a letter and has no dot: set fullnameOverride" $fullname) -}}
{{- end -}}
{{- range $place, $labels := dict "podLabels" $v.podLabels "serviceMonitor.labels" $v.serviceMonitor.labels "prometheusRule.labels" $v.prometheusRule.labels "dashboard.labels" $v.dashboard.labels -}}
{{- range $label, $_ := $labels -}}
{{- if hasKey (default dict $v.commonLabels) $label -}}
{{- fail (printf "%s: %s is one of commonLabels too" $place $label) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $instances := int (include "order-sync.instances" .) -}}
{{- if and $v.staticMembership.enabled (ne $v.state.store "rocksdb") -}}
{{- fail "staticMembership.enabled needs state.store rocksdb: the pods of a Deployment have no names that last" -}}
{{- end -}}
{{- if and $v.autoscaling.enabled $v.keda.enabled -}}
{{- fail "autoscaling.enabled and keda.enabled: only one can say how many instances there are" -}}
{{- end -}}
{{- range $name := list "autoscaling" "keda" -}}
{{- $scaler := index $v $name -}}
{{- if $scaler.enabled -}}
{{- if not $scaler.partitions -}}
{{- fail (printf "%s.partitions is needed: as many as the widest input has" $name) -}}
{{- end -}}
{{- if gt (int $scaler.maxReplicas) (int $scaler.partitions) -}}
{{- fail (printf "%s.maxReplicas is %d, and there are %d partitions: more instances have nothing to do" $name (int $scaler.maxReplicas) (int $scaler.partitions)) -}}
{{- end -}}
{{- if lt (int $scaler.maxReplicas) (int $scaler.minReplicas) -}}
{{- fail (printf "%s.maxReplicas is %d, below minReplicas, %d" $name (int $scaler.maxReplicas) (int $scaler.minReplicas)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if ge (int (include "order-sync.standbys" .)) (max $instances 1 | int) -}}
{{- fail (printf "standbyReplicas is %s, and there are %d instances: each copy needs one of its own" (include "order-sync.standbys" .) $instances) -}}
{{- end -}}
{{- if le (int $v.terminationGracePeriodSeconds) (mul 3 $v.shutdownPhaseSeconds | int) -}}
{{- fail (printf "terminationGracePeriodSeconds is %d: it must be above three phases of shutdownPhaseSeconds, %d, or the pod is killed while it stops" (int $v.terminationGracePeriodSeconds) (int $v.shutdownPhaseSeconds)) -}}
{{- end -}}
{{- range list (list "image.tag" (printf ":%s" $v.image.tag)) (list "test.image" $v.test.image) -}}
{{- if hasSuffix ":latest" (index . 1) -}}
{{- fail (printf "%s is latest: a restart would start another version" (index . 0)) -}}
{{- end -}}
{{- end -}}
{{- if and $v.schemaRegistry.tokenKey (not $v.schemaRegistry.existingSecret) -}}
{{- fail "schemaRegistry.existingSecret is needed with schemaRegistry.tokenKey" -}}
{{- end -}}
{{- range $place, $settings := dict "schemaRegistry.properties" $v.schemaRegistry.properties "config" $v.config -}}
{{- $plain := include "order-sync.plainSecret" (list "" $settings) -}}
{{- if $plain -}}
{{- fail (printf "%s: %s is secret and would come to a ConfigMap: give it as a placeholder, ${…}, from extraEnv or a mounted file" $place $plain) -}}
{{- end -}}
{{- end -}}
{{- if eq (int $v.kafka.replicationFactor) 0 -}}
{{- fail "kafka.replicationFactor is 0: a number of replicas is needed, or -1" -}}
{{- end -}}
{{- $security := $v.kafka.security -}}
{{- if include "order-sync.usesSasl" . -}}
{{- if not $security.sasl.existingSecret -}}
{{- fail (printf "kafka.security.sasl.existingSecret is needed with %s" $security.protocol) -}}
{{- end -}}
{{- if and (eq $security.sasl.mechanism "OAUTHBEARER") (not $security.sasl.jaasConfigKey) -}}
{{- fail "kafka.security.sasl.jaasConfigKey is needed with OAUTHBEARER" -}}
{{- end -}}
{{- end -}}
{{- if not (include "order-sync.usesTls" .) -}}
{{- range list "truststore" "keystore" -}}
{{- if (index $security .).existingSecret -}}
{{- fail (printf "kafka.security.%s.existingSecret needs protocol SSL or SASL_SSL, not %s" . $security.protocol) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $name, $channel := $v.alerting.channels -}}
{{- range $header, $value := $channel.headers -}}
{{- if and (regexMatch "(?i)(authorization|token|key|secret|password|cookie)" $header) (not (contains "${" $value)) -}}
{{- fail (printf "alerting.channels.%s.headers.%s is secret and would come to a ConfigMap: give it as a placeholder, ${…}, of alerting.existingSecret" $name $header) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and (include "order-sync.hasChannels" .) (contains "${" (toJson $v.alerting.channels)) (not $v.alerting.existingSecret) (not $v.extraEnv) -}}
{{- fail "alerting.existingSecret is needed: the channels have placeholders, and nothing stands for them" -}}
{{- end -}}
{{- if $v.networkPolicy.enabled -}}
{{- $targets := list -}}
{{- range splitList "," $v.kafka.bootstrapServers -}}{{- $targets = append $targets (list "kafka" "kafka.bootstrapServers" .) -}}{{- end -}}
{{- range $v.schemaRegistry.url -}}{{- $targets = append $targets (list "schemaRegistry" "schemaRegistry.url" .) -}}{{- end -}}
{{- if include "order-sync.hasChannels" . -}}
{{- range $name, $channel := $v.alerting.channels -}}
{{- if hasPrefix "http" (default "" $channel.url) -}}
{{- $targets = append $targets (list "alerting" (printf "alerting.channels.%s.url" $name) $channel.url) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $target := $targets -}}
{{- $rule := index $target 0 -}}
{{- $authority := regexReplaceAll "^https?://([^/?#]*).*$" (index $target 2) "${1}" -}}
{{- $port := regexFind "[0-9]+$" (regexFind ":[0-9]+$" $authority) | default (ternary 443 80 (hasPrefix "https:" (index $target 2))) | int -}}
{{- $open := list -}}
{{- range (index $v.networkPolicy.egress $rule).ports -}}{{- $open = append $open (int .) -}}{{- end -}}
{{- /* What a placeholder stands for is not known here. */ -}}
{{- if not (or (has $port $open) (contains "${" $authority)) -}}
{{- fail (printf "networkPolicy.egress.%s.ports lacks %d, of %s" $rule $port (index $target 1)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and (or $v.strimzi.topics.enabled $v.strimzi.user.enabled) (not $v.strimzi.cluster) -}}
{{- fail "strimzi.cluster is needed: the name of the Kafka resource" -}}
{{- end -}}
{{- end -}}

{{/* The service's application.yaml. What is secret stands in it as a placeholder. */}}
{{- define "order-sync.application" -}}
{{- $v := .Values -}}
{{- $streams := dict "num.standby.replicas" (include "order-sync.standbys" . | int) "num.stream.threads" (int $v.streamThreads) -}}
{{- if $v.staticMembership.enabled -}}
{{- /* Not for the clients beside the main consumer: two of one name fence each other. */ -}}
{{- $_ := set $streams "main.consumer.group.instance.id" "${POD_NAME}" -}}
{{- $_ := set $streams "main.consumer.session.timeout.ms" (int $v.staticMembership.sessionTimeoutMs) -}}
{{- end -}}
{{- $kafka := dict "bootstrap-servers" $v.kafka.bootstrapServers
    "streams" (dict "application-id" $v.applicationId "state-dir" "/var/lib/order-sync/state"
      "replication-factor" (int $v.kafka.replicationFactor) "properties" $streams) -}}
{{- $spring := dict "kafka" $kafka "lifecycle" (dict "timeout-per-shutdown-phase" (printf "%ds" (int $v.shutdownPhaseSeconds))) -}}
{{- $security := $v.kafka.security -}}
{{- if ne $security.protocol "PLAINTEXT" -}}
{{- $_ := set $kafka "security" (dict "protocol" $security.protocol) -}}
{{- end -}}
{{- if include "order-sync.usesSasl" . -}}
{{- $jaas := printf "${sasl.%s}" $security.sasl.jaasConfigKey -}}
{{- if not $security.sasl.jaasConfigKey -}}
{{- $module := ternary "plain.PlainLoginModule" "scram.ScramLoginModule" (eq $security.sasl.mechanism "PLAIN") -}}
{{- $jaas = printf "org.apache.kafka.common.security.%s required username=\"${sasl.%s}\" password=\"${sasl.%s}\";" $module $security.sasl.usernameKey $security.sasl.passwordKey -}}
{{- end -}}
{{- $_ := set $kafka "properties" (dict "sasl.mechanism" $security.sasl.mechanism "sasl.jaas.config" $jaas) -}}
{{- end -}}
{{- /* Kafka takes key and chain from two files by their text only. */ -}}
{{- $ssl := dict -}}
{{- with $security.truststore -}}
{{- if .existingSecret -}}
{{- $_ := set $ssl "trust-store-type" "PEM" -}}
{{- $_ := set $ssl "trust-store-location" (printf "file:/etc/order-sync/kafka/truststore/%s" .certificateKey) -}}
{{- end -}}
{{- end -}}
{{- with $security.keystore -}}
{{- if .existingSecret -}}
{{- $_ := set $ssl "key-store-type" "PEM" -}}
{{- $_ := set $ssl "key-store-certificate-chain" (printf "${keystore.%s}" .certificateKey) -}}
{{- $_ := set $ssl "key-store-key" (printf "${keystore.%s}" .privateKeyKey) -}}
{{- end -}}
{{- end -}}
{{- if $ssl -}}{{- $_ := set $kafka "ssl" $ssl -}}{{- end -}}
{{- $imports := list -}}
{{- if or (include "order-sync.usesSasl" .) $security.keystore.existingSecret $v.schemaRegistry.existingSecret -}}
{{- $imports = append $imports "configtree:/etc/order-sync/secrets/" -}}
{{- end -}}
{{- if $v.alerting.existingSecret -}}
{{- $imports = append $imports "configtree:/etc/order-sync/alerting/" -}}
{{- end -}}
{{- if $imports -}}{{- $_ := set $spring "config" (dict "import" $imports) -}}{{- end -}}
{{- $registry := deepCopy $v.schemaRegistry.properties -}}
{{- if $v.schemaRegistry.tokenKey -}}
{{- $_ := set $registry "bearer.auth.token" (printf "${registry.%s}" $v.schemaRegistry.tokenKey) -}}
{{- else if $v.schemaRegistry.existingSecret -}}
{{- $_ := set $registry "basic.auth.user.info" (printf "${registry.%s}:${registry.%s}" $v.schemaRegistry.usernameKey $v.schemaRegistry.passwordKey) -}}
{{- end -}}
{{- if $v.schemaRegistry.truststore.existingSecret -}}
{{- $_ := set $registry "schema.registry.ssl.truststore.type" "PEM" -}}
{{- $_ := set $registry "schema.registry.ssl.truststore.location" (printf "/etc/order-sync/registry-truststore/%s" $v.schemaRegistry.truststore.certificateKey) -}}
{{- end -}}
{{- $alerting := omit $v.alerting "existingSecret" "groupId" -}}
{{- if $v.alerting.groupId -}}{{- $_ := set $alerting "groupId" $v.alerting.groupId -}}{{- end -}}
{{- $order := dict "mode" $v.mode
    "tracing" $v.tracing
    "topics" $v.topics
    "schema-registry" (dict "url" $v.schemaRegistry.url "properties" $registry)
    "serde" $v.serde
    "policy" $v.policy
    "state" $v.state
    "alerting" $alerting -}}
{{- if $v.partitions -}}{{- $_ := set $order "partitions" (int $v.partitions) -}}{{- end -}}
{{- /* An empty map would be bound as an empty text. */ -}}
{{- range $key, $part := $order -}}{{- if and (kindIs "map" $part) (not $part) -}}{{- $_ := unset $order $key -}}{{- end -}}{{- end -}}
{{- if not $registry -}}{{- $_ := unset (index $order "schema-registry") "properties" -}}{{- end -}}
{{- if not $v.alerting.channels -}}{{- $_ := unset $alerting "channels" -}}{{- end -}}
{{- dict "spring" $spring "server" (dict "port" 8080) "order-sync" $order | toYaml -}}
{{- end -}}

{{/*
What the service may do in Kafka, and no more. Streams makes its changelogs and the service its strays and width under the
application id; it gives them partitions, and looks whether the strays are compacted. Its transactions begin with the
application id too, and those of instances that are gone are ended.
*/}}
{{- define "order-sync.acls" -}}
{{- $topics := include "order-sync.topics" . | fromYaml -}}
{{- $id := .Values.applicationId -}}
{{- $channels := include "order-sync.hasChannels" . -}}
{{- range include "order-sync.inputs" . | fromYamlArray -}}
{{- with index $topics . }}
- resource: {type: topic, name: {{ . | quote }}, patternType: literal}
  operations: [Read]
{{- end -}}
{{- end -}}
{{- range list "warehouseLockCommands" "interceptShipmentCommands" "orderCases" "deadLetters" }}
- resource: {type: topic, name: {{ index $topics . | quote }}, patternType: literal}
  operations: [Write]
{{- end }}
- resource: {type: topic, name: {{ $topics.orderAlerts | quote }}, patternType: literal}
  operations: [Write{{ if $channels }}, Read{{ end }}]
{{- if $channels }}
- resource: {type: topic, name: {{ $topics.orderAlertsUndelivered | quote }}, patternType: literal}
  operations: [Write]
{{- end }}
- resource: {type: topic, name: {{ printf "%s-strays" $id | quote }}, patternType: literal}
  operations: [Read, Write, Create, DescribeConfigs]
{{- range list "orders" "timers" }}
- resource: {type: topic, name: {{ printf "%s-%s-changelog" $id . | quote }}, patternType: literal}
  operations: [Read, Write, Create, Alter]
{{- end }}
- resource: {type: topic, name: {{ printf "%s-width" $id | quote }}, patternType: literal}
  operations: [Read, Create, Alter]
- resource: {type: group, name: {{ $id | quote }}, patternType: literal}
  operations: [Read]
{{- if $channels }}
- resource: {type: group, name: {{ printf "%s-" (default (printf "%s-alerts" $id) .Values.alerting.groupId) | quote }}, patternType: prefix}
  operations: [Read]
{{- end }}
- resource: {type: transactionalId, name: {{ printf "%s-" $id | quote }}, patternType: prefix}
  operations: [Write]
{{- end -}}

{{/* The pod of either workload. */}}
{{- define "order-sync.podTemplate" -}}
{{- $v := .Values -}}
{{- $security := $v.kafka.security -}}
{{- $sasl := $security.sasl -}}
metadata:
  labels:
    {{- include "order-sync.labels" . | nindent 4 }}
    app.kubernetes.io/component: service
    {{- with $v.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    # Another configuration is another pod.
    checksum/config: {{ list (include "order-sync.application" .) $v.config | toJson | sha256sum }}
    {{- with $v.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "order-sync.serviceAccountName" . }}
  automountServiceAccountToken: false
  # The variables of a service named ordersync would be taken for the service's own properties.
  enableServiceLinks: false
  {{- with $v.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    {{- toYaml $v.podSecurityContext | nindent 4 }}
  # No preStop: nobody sends requests that would have to be waited for, and who stops tells the group by itself.
  terminationGracePeriodSeconds: {{ int $v.terminationGracePeriodSeconds }}
  {{- with $v.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  containers:
    - name: order-sync
      image: {{ include "order-sync.image" . | quote }}
      imagePullPolicy: {{ $v.image.pullPolicy }}
      securityContext:
        {{- toYaml $v.securityContext | nindent 8 }}
      env:
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        - name: SPRING_CONFIG_ADDITIONAL_LOCATION
          # The last one wins.
          value: file:/etc/order-sync/config/application.yaml{{ if $v.config }},file:/etc/order-sync/config/further.yaml{{ end }}
        - name: JAVA_TOOL_OPTIONS
          # Parsed before the command line, which says nothing of the heap for that.
          value: {{ printf "-XX:MaxRAMPercentage=%v %s" (default (ternary 50 70 (eq $v.state.store "rocksdb")) $v.jvm.maxRamPercentage) $v.jvm.options | trim | quote }}
        {{- with $v.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      ports:
        - name: http
          containerPort: 8080
          protocol: TCP
      startupProbe:
        httpGet:
          path: /actuator/health/liveness
          port: http
        periodSeconds: 5
        timeoutSeconds: 5
        failureThreshold: {{ int $v.startupProbe.failureThreshold }}
      livenessProbe:
        httpGet:
          path: /actuator/health/liveness
          port: http
        {{- toYaml $v.livenessProbe | nindent 8 }}
      readinessProbe:
        httpGet:
          path: /actuator/health/readiness
          port: http
        {{- toYaml $v.readinessProbe | nindent 8 }}
      resources:
        {{- toYaml $v.resources | nindent 8 }}
      volumeMounts:
        - name: config
          mountPath: /etc/order-sync/config
          readOnly: true
        - name: state
          mountPath: /var/lib/order-sync
        - name: tmp
          mountPath: /tmp
        {{- if $security.truststore.existingSecret }}
        - name: kafka-truststore
          mountPath: /etc/order-sync/kafka/truststore
          readOnly: true
        {{- end }}
        {{- if $security.keystore.existingSecret }}
        - name: kafka-keystore
          mountPath: /etc/order-sync/secrets/keystore
          readOnly: true
        {{- end }}
        {{- if include "order-sync.usesSasl" . }}
        - name: kafka-sasl
          mountPath: /etc/order-sync/secrets/sasl
          readOnly: true
        {{- end }}
        {{- if $v.schemaRegistry.existingSecret }}
        - name: registry
          mountPath: /etc/order-sync/secrets/registry
          readOnly: true
        {{- end }}
        {{- if $v.schemaRegistry.truststore.existingSecret }}
        - name: registry-truststore
          mountPath: /etc/order-sync/registry-truststore
          readOnly: true
        {{- end }}
        {{- if $v.alerting.existingSecret }}
        - name: alerting
          mountPath: /etc/order-sync/alerting
          readOnly: true
        {{- end }}
        {{- with $v.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: config
      configMap:
        name: {{ include "order-sync.fullname" . }}
    - name: tmp
      emptyDir: {}
    {{- if ne $v.state.store "rocksdb" }}
    - name: state
      emptyDir: {}
    {{- end }}
    {{- with $security.truststore }}
    {{- if .existingSecret }}
    - name: kafka-truststore
      secret:
        secretName: {{ .existingSecret }}
        # 0440: of the group, which is the service's.
        defaultMode: 288
        items:
          - key: {{ .certificateKey }}
            path: {{ .certificateKey }}
    {{- end }}
    {{- end }}
    {{- with $security.keystore }}
    {{- if .existingSecret }}
    - name: kafka-keystore
      secret:
        secretName: {{ .existingSecret }}
        defaultMode: 288
        items:
          - key: {{ .certificateKey }}
            path: {{ .certificateKey }}
          - key: {{ .privateKeyKey }}
            path: {{ .privateKeyKey }}
    {{- end }}
    {{- end }}
    {{- if include "order-sync.usesSasl" . }}
    - name: kafka-sasl
      secret:
        secretName: {{ $sasl.existingSecret }}
        defaultMode: 288
        items:
          {{- range ternary (list $sasl.usernameKey $sasl.passwordKey) (list $sasl.jaasConfigKey) (empty $sasl.jaasConfigKey) }}
          - key: {{ . }}
            path: {{ . }}
          {{- end }}
    {{- end }}
    {{- with $v.schemaRegistry }}
    {{- if .existingSecret }}
    - name: registry
      secret:
        secretName: {{ .existingSecret }}
        defaultMode: 288
        items:
          {{- range ternary (list .usernameKey .passwordKey) (list .tokenKey) (empty .tokenKey) }}
          - key: {{ . }}
            path: {{ . }}
          {{- end }}
    {{- end }}
    {{- end }}
    {{- with $v.schemaRegistry.truststore }}
    {{- if .existingSecret }}
    - name: registry-truststore
      secret:
        secretName: {{ .existingSecret }}
        defaultMode: 288
        items:
          - key: {{ .certificateKey }}
            path: {{ .certificateKey }}
    {{- end }}
    {{- end }}
    {{- with $v.alerting.existingSecret }}
    - name: alerting
      secret:
        secretName: {{ . }}
        defaultMode: 288
    {{- end }}
    {{- with $v.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $v.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $v.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $v.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if kindIs "invalid" $v.topologySpreadConstraints }}
  topologySpreadConstraints:
    {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
    - topologyKey: {{ . }}
      maxSkew: 1
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "order-sync.podSelectorLabels" $ | nindent 10 }}
    {{- end }}
  {{- else }}
  {{- with $v.topologySpreadConstraints }}
  topologySpreadConstraints:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
{{- end -}}

using Shouldly;
using Xunit;

namespace Charts.Tests;

/// <summary>Wrong values are refused before anything is applied, with the value that is meant and,
/// where the schema can't say it, the fix.</summary>
[Trait("Server", "helm")]
public sealed class RefusalTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Role = "arn:aws:iam::222233334444:role/byok-operator";

    [Theory]
    [InlineData("operator: {replicas: 0}", "at '/operator/replicas': minimum: got 0, want 1")]
    [InlineData("operator: {workers: many}", "at '/operator/workers': got string, want integer")]
    [InlineData("operator: {workers: 257}", "at '/operator/workers': maximum: got 257, want 256")]
    [InlineData("operator: {replica: 2}", "at '/operator': additional properties 'replica' not allowed")]
    [InlineData("operators: {}", "additional properties 'operators' not allowed")]
    [InlineData("operator: {logLevel: debug}", "at '/operator/logLevel': value must be one of 'Trace', 'Debug'")]
    [InlineData("operator: {steadyRecheck: 10}", "at '/operator/steadyRecheck': got number, want string")]
    [InlineData("operator: {steadyRecheck: ten minutes}", "at '/operator/steadyRecheck'")]
    [InlineData("operator: {extraArgs: [run]}", "at '/operator/extraArgs/0'")]
    [InlineData("operator: {extraEnv: [{value: a}]}", "at '/operator/extraEnv/0': missing property 'name'")]
    [InlineData("operator: {resources: {limit: {memory: 1Gi}}}",
        "at '/operator/resources': additional properties 'limit' not allowed")]
    [InlineData("operator: {resources: {limits: {memory: 1 GB}}}", "at '/operator/resources/limits/memory'")]
    [InlineData("operator: {startupProbe: {httpGet: {path: /}}}",
        "at '/operator/startupProbe': additional properties 'httpGet' not allowed")]
    [InlineData("image: {repository: 'byok-operator:1'}", "at '/image/repository'")]
    [InlineData("image: {digest: 0123}", "at '/image/digest'")]
    [InlineData("crds: {keep: 'yes'}", "at '/crds/keep': got string, want boolean")]
    [InlineData("aws: {operatorRole: 'arn:aws:iam::222233334444:role/*'}", "at '/aws/operatorRole'")]
    [InlineData("aws: {controlKeys: {eu-west-1: alias/mine}}", "at '/aws/controlKeys/eu-west-1'")]
    [InlineData("azure: {tenantId: contoso}", "at '/azure/tenantId'")]
    [InlineData("azure: {environment: germany}", "at '/azure/environment': value must be one of")]
    [InlineData("notifications: {sink: 'https://user:password@hooks.example.com'}", "at '/notifications/sink'")]
    [InlineData("proxy: {https: 'http://user:password@proxy'}", "at '/proxy/https'")]
    [InlineData("wrapping: {name: EU}", "at '/wrapping/name'")]
    [InlineData("importApi: {namespace: Keys}", "at '/importApi/namespace'")]
    [InlineData("networkPolicy: {clouds: {ports: []}}", "at '/networkPolicy/clouds/ports': minItems: got 0, want 1")]
    public Task The_schema_refuses_and_names_the_value(string values, string words) =>
        RefusesAsync("byok-operator", values, [words]);

    [Theory]
    [InlineData($"image: {{tag: a, digest: '{Digest}'}}", "image.tag and image.digest are both given",
        "leave image.tag empty")]
    [InlineData("operator: {replicas: 1}", "operator.podDisruptionBudget.minAvailable is 1 of operator.replicas 1",
        "no node could ever be drained")]
    [InlineData("operator: {podDisruptionBudget: {minAvailable: '51%'}}",
        "operator.podDisruptionBudget.minAvailable is 51% of operator.replicas 2", "raise replicas")]
    [InlineData("aws: {identity: IRSA}", "aws.irsa.roleArn is empty", "give the role's ARN")]
    [InlineData($"aws: {{irsa: {{roleArn: '{Role}'}}}}", "aws.irsa is given and aws.identity is None",
        "set aws.identity to IRSA")]
    [InlineData("aws: {identity: Secret}", "aws.credentialsSecret and aws.identity Secret go together",
        "both or neither")]
    [InlineData("aws: {credentialsSecret: byok-aws}", "aws.credentialsSecret and aws.identity Secret go together",
        "both or neither")]
    [InlineData("aws: {externalId: a}", "aws.externalId needs aws.assumeRole", "")]
    [InlineData("azure: {tenantId: 11111111-1111-4111-8111-111111111111}",
        "azure.tenantId and azure.clientId go together", "give both")]
    [InlineData("azure: {workloadIdentity: {enabled: true}}", "azure.workloadIdentity.enabled needs azure.clientId",
        "")]
    [InlineData("notifications: {sink: 'https://hooks.example.com'}",
        "notifications.sink and notifications.signingSecret.name go together", "")]
    [InlineData("metrics: {serviceMonitor: {enabled: true}, podMonitor: {enabled: true}}", "are both enabled",
        "choose one")]
    [InlineData("metrics: {serviceMonitor: {enabled: true}, service: {enabled: false}}",
        "needs metrics.service.enabled", "")]
    [InlineData("metrics: {apart: {tlsSecret: a}}",
        "metrics.apart.tlsSecret and metrics.apart.tokenReview are about the port", "set metrics.apart.enabled")]
    [InlineData("metrics: {apart: {enabled: true, tokenReview: true}}",
        "metrics.apart.tokenReview needs metrics.apart.tlsSecret", "never travel in the clear")]
    [InlineData("metrics: {apart: {enabled: true, port: 8080}}", "metrics.apart.port is 8080", "give another one")]
    [InlineData("importApi: {enabled: true}", "importApi.enabled needs a certificate", "give importApi.tls.secretName")]
    [InlineData("importApi: {enabled: true, tls: {certManager: {enabled: true}}}",
        "needs importApi.tls.certManager.issuerRef.name", "")]
    [InlineData("importApi: {enabled: true, tls: {secretName: a, certManager: {enabled: true, issuerRef: {name: b}}}}",
        "are both given", "choose one")]
    [InlineData("importApi: {enabled: true, namespace: byok-system, tls: {secretName: a}}",
        "importApi.namespace is the operator's own", "give another one")]
    [InlineData("importApi: {enabled: true, replicas: 1, tls: {secretName: a}}",
        "importApi.podDisruptionBudget.minAvailable is 1", "")]
    [InlineData("{importApi: {enabled: true, tls: {secretName: a}}, wrapping: {namespace: b}}",
        "wrapping.namespace is b", "both are one")]
    public Task What_values_say_together_is_refused_with_its_mend(string values, params string[] words) =>
        RefusesAsync("byok-operator", values, words);

    [Theory]
    [InlineData("tenants: {acme: {}}", "at '/tenants/acme': missing property 'namespaces'")]
    [InlineData("tenants: {acme: {namespaces: []}}", "at '/tenants/acme/namespaces': minItems: got 0, want 1")]
    [InlineData("tenants: {Acme: {namespaces: [{name: acme}]}}", "invalid propertyName 'Acme'")]
    [InlineData("tenants: {acme: {namespaces: [{name: acme}], key: {}}}",
        "at '/tenants/acme': additional properties 'key' not allowed")]
    [InlineData("tenants: {acme: {namespaces: [{name: acme}], keys: {awsAccounts: [111122223333]}}}",
        "at '/tenants/acme/keys/awsAccounts/0': got number, want string")]
    [InlineData("tenants: {acme: {namespaces: [{name: acme}], limits: {store: 1}}}",
        "at '/tenants/acme/limits': additional properties 'store' not allowed")]
    [InlineData("tenants: {acme: {namespaces: [{name: acme, editors: [{kind: Team, name: a}]}]}}",
        "at '/tenants/acme/namespaces/0/editors/0/kind': value must be one of")]
    [InlineData("tenants: {acme: {namespaces: [{name: acme, editors: [{kind: ServiceAccount, name: a}]}]}}",
        "at '/tenants/acme/namespaces/0/editors/0': missing property 'namespace'")]
    [InlineData("tenants: {acme: {namespaces: [{name: acme, editors: [{kind: Group, name: a, namespace: b}]}]}}",
        "at '/tenants/acme/namespaces/0/editors/0/namespace'")]
    [InlineData("tenants: {a: {namespaces: [{name: acme}]}, b: {namespaces: [{name: acme}]}}",
        "tenants.b.namespaces[0].name is acme, which is the tenant a's already")]
    [InlineData("tenants: {a: {namespaces: [{name: byok-system}]}}",
        "tenants.a.namespaces[0].name is byok-system, which is no tenant's")]
    [InlineData("tenants: {a: {namespaces: [{name: byok-import}]}}",
        "tenants.a.namespaces[0].name is byok-import, which is no tenant's")]
    public Task A_tenant_that_can_not_be_meant_is_refused(string values, string words) =>
        RefusesAsync("byok-tenants", values, [words]);

    [Fact]
    public Task Suspending_jobs_is_refused_where_no_policy_holds_it_to_that() =>
        RefusesAsync("byok-tenants", "tenants: {acme: {namespaces: [{name: acme, suspendJobs: true}]}}",
            ["tenants.acme.namespaces[0].suspendJobs needs Kubernetes 1.30"], "--kube-version", "1.29.9");

    [Fact]
    public async Task An_older_server_is_refused()
    {
        var ran = await Helm.TemplateAsync("byok-operator", null, "--kube-version", "1.28.9");
        ran.Succeeded.ShouldBeFalse();
        ran.Error.ShouldContain("chart requires kubeVersion: >=1.29.0-0");
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once() =>
        await RefusesAsync("byok-operator", "{aws: {externalId: a}, importApi: {enabled: true}}",
            ["aws.externalId", "importApi.enabled"]);

    private static async Task RefusesAsync(string chart, string values, string[] words, params string[] arguments)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, values);
            var ran = await Helm.TemplateAsync(chart, file, arguments);
            ran.Succeeded.ShouldBeFalse();
            foreach (var word in words)
            {
                ran.Error.ShouldContain(word);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }
}

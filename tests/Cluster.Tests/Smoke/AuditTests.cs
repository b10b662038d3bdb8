using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Tests.Primitives;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Smoke;

/// <summary>
/// What was really asked, by the API server's audit log of the whole run. It comes last for that, with what measures
/// times. Where the run has no such log, because a cluster was given to it, it is left out by its trait.
/// </summary>
[Trait("Server", "audit")]
[Trait("Cores", "quiet")]
public sealed class AuditTests(ITestOutputHelper output)
{
    private const string Operator = $"system:serviceaccount:{OperatorManifests.Namespace}:{OperatorManifests.Account}";

    private const string ImportApi = "system:serviceaccount:byok-import:byok-import-api";

    private const string Everywhere = "everywhere", AtHome = "at home", InDefault = "in default",
        InNamespaces = "in namespaces";

    private static readonly string[] homes = [OperatorManifests.Namespace, "byok-import"];

    /// <summary>Bound to both accounts where it is wanted.</summary>
    private static readonly IReadOnlySet<string> reviews =
        GrantedRights.In("operator", "reviewed-metrics", "rbac-metrics.yaml");

    /// <summary>Granted, and not asked for in these tests: each with what it is for.</summary>
    private static readonly Dictionary<string, string> unused = new()
    {
        [$"{Everywhere}: update tenantencryptionkeys/finalizers.byok.dev"] =
            "only where owner references are enforced (OpenShift)",
        [$"{Everywhere}: update encryptedstores/finalizers.byok.dev"] =
            "only where owner references are enforced (OpenShift)",
        [$"{InNamespaces}: get cronjobs.batch"] = "opt-in; this server has no batch/v1 CronJob",
        [$"{InNamespaces}: list cronjobs.batch"] = "opt-in; this server has no batch/v1 CronJob",
        [$"{InNamespaces}: patch cronjobs.batch"] = "opt-in; this server has no batch/v1 CronJob",
        [$"{InNamespaces}: get jobs.batch"] = "opt-in; asked for where there are CronJobs too",
        [$"{InNamespaces}: list jobs.batch"] = "opt-in; asked for where there are CronJobs too",
        [$"{InNamespaces}: patch jobs.batch"] = "opt-in; asked for where there are CronJobs too",
        [$"{InNamespaces}: patch events.events.k8s.io"] = "an Event that comes again soon becomes a series",
        [$"{InDefault}: patch events.events.k8s.io"] = "an Event that comes again soon becomes a series",
        [$"{InNamespaces}: create configmaps"] =
            "asked for beside patch where an apply makes what is not there; the log says patch",
        [$"{InNamespaces}: create secrets"] =
            "asked for beside patch where an apply makes what is not there; the log says patch",
        [$"{InNamespaces}: get secrets"] = "the import API: where a token is shown again",
        [$"{InNamespaces}: update tenantencryptionkeys/finalizers.byok.dev"] =
            "only where owner references are enforced (OpenShift)",
        [$"{Everywhere}: create tokenreviews.authentication.k8s.io"] =
            "opt-in; asked for where metrics are served to reviewed tokens alone (--metrics-token-review)",
        [$"{Everywhere}: create subjectaccessreviews.authorization.k8s.io"] =
            "opt-in; asked for where metrics are served to reviewed tokens alone (--metrics-token-review)",
        [$"{AtHome}: delete secrets"] = "wrapping keys and import requests that are over, after days",
    };

    [Fact]
    public void What_the_operator_asked_for_is_granted_and_what_is_granted_is_asked_for_or_says_why_not() => Compare(
        Operator,
        GrantedRights.In("operator", "rbac-cluster.yaml").Union(reviews).ToHashSet(),
        (AtHome,
            GrantedRights.In("operator", "rbac-own.yaml")
                .Where(right => !right.EndsWith(".events.k8s.io", StringComparison.Ordinal))
                .Union(GrantedRights.In("import-api", "rbac-operator.yaml"))),
        (InDefault,
            GrantedRights.In("operator", "rbac-own.yaml")
                .Where(right => right.EndsWith(".events.k8s.io", StringComparison.Ordinal))),
        (InNamespaces,
            GrantedRights.In("operator", "rbac-tenants.yaml").Union(GrantedRights.In("operator", "rbac-jobs.yaml"))));

    [Fact]
    public void What_the_import_api_asked_for_is_granted_and_what_is_granted_is_asked_for_or_says_why_not() => Compare(
        ImportApi, reviews, (AtHome, GrantedRights.In("import-api", "rbac-own.yaml")),
        (InNamespaces, GrantedRights.In("import-api", "rbac-tenants.yaml")));

    private void Compare(
        string account, IReadOnlySet<string> everywhere, params (string Where, IEnumerable<string> Rights)[] more)
    {
        var granted = everywhere.Select(right => $"{Everywhere}: {right}")
            .Concat(more.SelectMany(one => one.Rights.Select(right => $"{one.Where}: {right}"))).ToHashSet();
        var lines = Lines().OrderBy(TimeOf).ToList();
        var asked = lines.Where(line => (string?)line["user"]?["username"] == account && ByTheProduct(line))
            .Select(line =>
                (Right: RightOf(line, everywhere), IsRefused: (int?)line["responseStatus"]?["code"] is 403,
                    Time: TimeOf(line))).ToList();
        asked.ShouldNotBeEmpty($"nothing of {account} is in the log");
        var allowed = asked.Where(one => !one.IsRefused).Select(one => one.Right).ToHashSet();
        output.WriteLine(
            $"{account}: {asked.Count} requests, {allowed.Count} rights of {granted.Count} used: "
                + $"{string.Join(", ", allowed.Order())}");
        output.WriteLine($"not used: {string.Join(", ", granted.Except(allowed).Order())}");
        allowed.Except(granted).ShouldBeEmpty("asked for and allowed by something else than our manifests");

        // Refused where the platform bound nothing, or where the namespace is going, or as the whole product was
        // uninstalled: but never anything that nobody could give or had taken away.
        var taken = lines.Where(TakesOurRights).Select(TimeOf).ToList();
        asked.Where(one => one.IsRefused && !IsTaken(one.Right, one.Time)).Select(one => one.Right).ToHashSet()
            .Except(granted.Where(right => right.StartsWith(InNamespaces, StringComparison.Ordinal)))
            .ShouldBeEmpty("asked for and refused");
        granted.Except(allowed).Except(unused.Keys).ShouldBeEmpty("granted, not asked for, and without a reason");

        // From when rights were taken until this one was had again.
        bool IsTaken(string right, DateTimeOffset time) => granted.Contains(right)
            && taken.Exists(since =>
                since < time
                    && !asked.Exists(one =>
                        one.Right == right && !one.IsRefused && one.Time > since && one.Time < time));
    }

    /// <summary>As <c>helm uninstall</c> does, while the operator's pod has its last seconds.</summary>
    private static bool TakesOurRights(JsonNode line) =>
        (string?)line["verb"] is "delete" && (string?)line["objectRef"]?["apiGroup"] is "rbac.authorization.k8s.io"
            && ((string?)line["objectRef"]!["name"])?.StartsWith("byok-", StringComparison.Ordinal) == true
            && (string?)line["objectRef"]!["namespace"] is null or "" or OperatorManifests.Namespace;

    private static DateTimeOffset TimeOf(JsonNode line) =>
        DateTimeOffset.Parse((string)line["requestReceivedTimestamp"]!, CultureInfo.InvariantCulture);

    /// <summary>Not by a test that tries what a thief could.</summary>
    private static bool ByTheProduct(JsonNode line) =>
        ((string?)line["userAgent"])?.StartsWith("byok-operator", StringComparison.Ordinal) == true
            && line["objectRef"]?["resource"] is not null;

    private static string RightOf(JsonNode line, IReadOnlySet<string> everywhere)
    {
        var (about, sub, space) =
            (line["objectRef"]!, (string?)line["objectRef"]!["subresource"], (string?)line["objectRef"]!["namespace"]);
        var right = GrantedRights.Name((string)line["verb"]!, (string?)about["apiGroup"],
            (string?)about["resource"] + (sub is null ? "" : $"/{sub}"));
        var where = everywhere.Contains(right) ? Everywhere : homes.Contains(space) ? AtHome
            : space is "default" ? InDefault : InNamespaces;
        return $"{where}: {right}";
    }

    private static IEnumerable<JsonNode> Lines()
    {
        var path = Environment.GetEnvironmentVariable("BYOK_TEST_AUDIT_LOG");
        path.ShouldNotBeNull("BYOK_TEST_AUDIT_LOG names no audit log");
        return Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(path) + "*")
            .SelectMany(Read).Select(line => JsonNode.Parse(line)!);
    }

    /// <summary>The server writes on: what ends without a line end is not whole yet.</summary>
    private static IEnumerable<string> Read(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            if (line.EndsWith('}'))
            {
                yield return line;
            }
        }
    }
}

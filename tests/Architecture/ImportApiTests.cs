using Microsoft.CodeAnalysis.CSharp.Syntax;
using Shouldly;
using Xunit;

namespace Architecture;

/// <summary>What tenants call and what closes their stores are two processes
/// that share nothing but the API server.</summary>
public sealed class ImportApiTests
{
    private const string Serving = "Byok.Import.Serving";

    /// <summary>Of the process of the import API, and of the command that makes API keys.</summary>
    private static readonly string[] Own =
    [
        "ImportApiCommand.cs", "ImportApiHost.cs", "ImportApiRules.cs", "ImportApiSettings.cs", "ImportTargets.cs",
        "ApiKeyCommand.cs", "KeyPairPool.cs",
    ];

    /// <summary>Queues, watches, the lease, clouds, and all that decides about keys and stores.</summary>
    private static readonly string[] OfControllers =
    [
        "Cloud", "Kube.Runtime.Controllers", "Kube.Runtime.LeaderElection", "Kube.Runtime.Scheduling",
        "Kube.Runtime.Informers",
        "ByokOperator.Keys", "ByokOperator.Stores",
        "ByokOperator.Migrations", "ByokOperator.Reconciling", "ByokOperator.Records", "ByokOperator.Tenants",
        "ByokOperator.Notifications", "ByokOperator.Reports",
    ];

    [Fact]
    public void The_import_API_knows_no_queue_no_watch_no_lease_no_cloud_and_no_controller() =>
        Files()
            .SelectMany(file =>
                file.Usings.Where(used =>
                    OfControllers.Any(name => used == name || used.StartsWith(name + ".", StringComparison.Ordinal)))
                    .Select(used => $"{file.Path} uses {used}")).ShouldBeEmpty();

    [Fact]
    public void Nothing_that_runs_controllers_knows_the_import_API() =>
        SourceTree.In("ByokOperator").Except(Files()).Where(file => file.Usings.Contains(Serving))
            .Select(file => file.Path).ShouldBeEmpty();

    [Fact]
    public void Nobody_else_makes_key_pairs_for_requests() =>
        SourceTree.Product
            .Where(file => file.Identifiers.Intersect(["KeyPairPool", "RequestIssuer", "RequestRedeemer"]).Any())
            .Where(file =>
                file.Folder != "operator/Byok.Import/Serving"
                    && file.Folder != "operator/Byok.Import/Requests" && !Own.Contains(file.Name))
            .Select(file => file.Path).ShouldBeEmpty();

    [Fact]
    public void Key_pairs_are_made_where_this_is_known() =>
        // The pool's, and the platform's own wrapping key, once a year; Keygen is the tenant's tool.
        SourceTree.Operator.Where(file => file.Folder != "operator/ByokOperator/Keygen")
            .SelectMany(file => file.All<InvocationExpressionSyntax>()
                    .Where(call => call.Expression.ToString() == "RSA.Create" && call.ArgumentList.Arguments.Count == 1)
                    .Select(_ => file.Name))
            .Distinct().Order().ShouldBe(["KeyPairPool.cs", "WrappingSecret.cs"]);

    private static List<SourceFile> Files() =>
        [.. SourceTree.In("Byok.Import/Serving"),
            .. SourceTree.Product.Where(file => Own.Contains(file.Name))];
}

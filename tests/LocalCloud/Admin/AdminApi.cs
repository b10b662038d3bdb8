using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using LocalCloud.Aws;
using Microsoft.AspNetCore.Http;

namespace LocalCloud.Admin;

/// <summary>The admin object for other processes: JSON under /_admin, no authentication, loopback only.</summary>
internal sealed class AdminApi
{
    public const string Root = "/_admin";

    private readonly LocalCloudAdmin admin;
    private readonly FrozenDictionary<string, Func<AdminOrder, IQueryCollection, AdminAnswer>> routes;

    public AdminApi(LocalCloudAdmin admin)
    {
        this.admin = admin;
        routes = new Dictionary<string, Func<AdminOrder, IQueryCollection, AdminAnswer>>(StringComparer.Ordinal)
        {
            ["GET /health"] = (_, _) => new AdminAnswer { Now = admin.Now },
            ["GET /counts"] = (_, _) => new AdminAnswer { Counts = admin.Counts() },
            ["GET /count"] = (_, query) =>
                new AdminAnswer
                {
                    Count = admin.Count(One(query, "service"), One(query, "operation"), One(query, "principal")),
                },
            ["GET /calls"] = (_, _) => new AdminAnswer { Calls = admin.Calls() },
            ["DELETE /calls"] = (_, _) => Done(admin.ResetCalls),
            ["POST /faults"] = (order, _) =>
                new AdminAnswer { Id = admin.AddFault(Needed(order.Fault, "fault").ToRule()) },
            ["GET /faults"] = (_, query) => new AdminAnswer { Strikes = admin.FaultStrikes(Number(query, "id")) },
            ["DELETE /faults"] = (_, query) => Done(() => RemoveFaults(query)),
            ["POST /switches"] = (order, _) => Switch(order),
            ["POST /keys"] = (order, _) =>
                new AdminAnswer
                {
                    Arn =
                        admin.CreateKey(Needed(order.Account, "account"), Needed(order.Region, "region"), order.Policy),
                },
            ["GET /keys"] = (_, query) => Describe(Needed(One(query, "arn"), "arn")),
            ["POST /keys/state"] = (order, _) =>
                Done(() => admin.SetKeyState(Needed(order.Arn, "arn"), Needed(order.State, "state"))),
            ["POST /keys/policy"] = (order, _) =>
                Done(() => admin.SetKeyPolicy(Needed(order.Arn, "arn"), Needed(order.Policy, "policy"))),
            ["POST /keys/replace-material"] = (order, _) => Done(() => admin.ReplaceMaterial(Needed(order.Arn, "arn"))),
            ["POST /keys/lose-material"] = (order, _) => Done(() => admin.LoseMaterial(Needed(order.Arn, "arn"))),
            ["POST /keys/rotate"] = (order, _) => Done(() => admin.RotateKey(Needed(order.Arn, "arn"))),
            ["DELETE /keys"] = (_, query) => Done(() => admin.RemoveKey(Needed(One(query, "arn"), "arn"))),
            ["POST /buckets"] = (order, _) =>
                Done(() =>
                    admin.CreateBucket(Needed(order.Name, "name"), Needed(order.Region, "region"),
                        Needed(order.Account, "account"))),
            ["DELETE /buckets"] = (_, query) => Done(() => admin.RemoveBucket(Needed(One(query, "name"), "name"))),
            ["GET /buckets"] = (_, query) =>
                new AdminAnswer { Count = admin.ObjectCount(Needed(One(query, "name"), "name")) },
            ["POST /sparse"] = (order, _) =>
                Done(() =>
                    admin.PutSparse(Needed(order.Bucket, "bucket"), Needed(order.Key, "key"), order.Size, order.Seed)),
            ["POST /many"] = (order, _) =>
                Done(() =>
                    admin.PutMany(Needed(order.Bucket, "bucket"), order.Prefix ?? "", order.Count, (int)order.Size,
                        order.Seed)),
            ["POST /access-keys"] = (order, _) =>
                Done(() =>
                    admin.AddAccessKey(Needed(order.AccessKey, "accessKey"), Needed(order.Secret, "secret"),
                        Needed(order.Arn, "arn"))),
            ["POST /access-keys/expire"] = (order, _) =>
                Done(() => admin.ExpireAccessKey(Needed(order.AccessKey, "accessKey"))),
            ["POST /access-keys/policy"] = (order, _) =>
                Done(() => admin.SetIdentityPolicy(Needed(order.AccessKey, "accessKey"), order.Policy)),
            ["POST /accounts/policy"] = (order, _) =>
                Done(() => admin.SetServiceControlPolicy(Needed(order.Account, "account"), order.Policy)),
            ["POST /keys/external"] = (order, _) =>
                Done(() => admin.SetExternalRefusal(Needed(order.Arn, "arn"), order.State)),
            ["DELETE /access-keys"] = (_, query) =>
                Done(() => admin.RemoveAccessKey(Needed(One(query, "accessKey"), "accessKey"))),
            ["POST /principals"] = (order, _) => Done(() => admin.AddPrincipal(Needed(order.Arn, "arn"))),
            ["DELETE /principals"] = (_, query) =>
                new AdminAnswer { Arn = admin.DeletePrincipal(Needed(One(query, "arn"), "arn")) },
            ["POST /roles"] = (order, _) =>
                Done(() => admin.AddRole(Needed(order.Arn, "arn"), Needed(order.Policy, "policy"))),
        }.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public async Task HandleAsync(HttpContext http)
    {
        var path = $"{http.Request.Method} {http.Request.Path.Value![Root.Length..]}";
        var answer = routes.TryGetValue(path, out var route)
            ? await RunAsync(http, route)
            : new AdminAnswer
            {
                Error =
                    $"no such path: {path}; there are {string.Join(", ", routes.Keys.Order(StringComparer.Ordinal))}",
            };
        http.Response.StatusCode = answer.Error is null ? 200 : route is null ? 404 : 400;
        await http.Response.WriteAsJsonAsync(answer, AdminJson.Default.AdminAnswer,
            cancellationToken: http.RequestAborted);
    }

    private static async Task<AdminAnswer> RunAsync(
        HttpContext http, Func<AdminOrder, IQueryCollection, AdminAnswer> route)
    {
        try
        {
            var order = http.Request.Method == "POST"
                ? await JsonSerializer.DeserializeAsync(http.Request.Body, AdminJson.Default.AdminOrder,
                    http.RequestAborted) ?? new AdminOrder()
                : new AdminOrder();
            return route(order, http.Request.Query);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or JsonException or AwsProblem)
        {
            return new AdminAnswer { Error = wrong.Message };
        }
    }

    private AdminAnswer Switch(AdminOrder order)
    {
        admin.KmsUnreachable = order.KmsUnreachable ?? admin.KmsUnreachable;
        admin.KmsQuotas = order.KmsQuotas ?? admin.KmsQuotas;
        admin.S3DisableLag = order.S3DisableLagSeconds is { } lag ? TimeSpan.FromSeconds(lag) : admin.S3DisableLag;
        admin.GrantLag = order.GrantLagSeconds is { } grantLag ? TimeSpan.FromSeconds(grantLag) : admin.GrantLag;
        admin.ClockOffset = order.ClockOffsetSeconds is { } offset ? TimeSpan.FromSeconds(offset) : admin.ClockOffset;
        return new AdminAnswer { Now = admin.Now };
    }

    private AdminAnswer Describe(string arn) =>
        new()
        {
            Arn = arn,
            State = admin.KeyState(arn),
            MaterialId = admin.KeyMaterialId(arn),
            Grants = admin.GrantCount(arn),
        };

    private void RemoveFaults(IQueryCollection query)
    {
        if (One(query, "id") is null)
        {
            admin.ClearFaults();
        }
        else
        {
            admin.RemoveFault(Number(query, "id"));
        }
    }

    private static AdminAnswer Done(Action act)
    {
        act();
        return new AdminAnswer();
    }

    private static AdminAnswer Done(Func<bool> act) =>
        act() ? new AdminAnswer() : throw new ArgumentException("there is no such thing");

    private static T Needed<T>(T? value, string name)
        where T : class => value ?? throw new ArgumentException($"{name} is missing");

    private static string? One(IQueryCollection query, string name) =>
        query.TryGetValue(name, out var value) ? value.ToString() : null;

    private static int Number(IQueryCollection query, string name) =>
        int.Parse(Needed(One(query, name), name), CultureInfo.InvariantCulture);
}

using System.Text.Json.Nodes;
using ByokOperator.Api;
using Kube.Core;
using Quickstart;

namespace Benchmarks;

/// <summary>
/// What a change of key asks of the cloud for each object, by engine, with the whole operator and its workers in this
/// process: the same change is made of few objects and of more, and the difference is divided by that of the objects,
/// so that what is asked once counts for nothing.
/// </summary>
internal static class CallsBenchmark
{
    private static readonly TimeSpan look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(15);

    public static async Task RunAsync(bool small, CancellationToken cancellation)
    {
        var (few, more) = small ? (50, 150) : (500, 2500);
        var table = new Table(
            $"Calls of the cloud for each object that comes under another key, by changes of {few} and {more} objects",
            "engine", "calls for each object, of the bare call's one", "which", $"in all for {few}");
        foreach (var scene in ChangeScene.All)
        {
            var (little, much) =
                (await ChangeAsync(scene, few, cancellation), await ChangeAsync(scene, more, cancellation));
            var each = much.Keys.Select(call => (Call: call,
                Each: (double)(much[call] - little.GetValueOrDefault(call)) / (more - few))).ToList();
            var sum = each.Sum(one => one.Each);
            table.Row(scene.Engine, Table.Number(sum),
                string.Join(", ", each.Where(one => one.Each >= 0.005).OrderByDescending(one => one.Each)
                    .Select(one => $"{one.Call} {Table.Number(one.Each)}")),
                $"{little.Values.Sum()}");
        }

        table.Print();
    }

    /// <summary>Calls of the data's service, from the apply of the new key to the end of the change.</summary>
    private static async Task<IReadOnlyDictionary<string, long>> ChangeAsync(
        ChangeScene scene, int objects, CancellationToken cancellation)
    {
        await using var stage = await scene.SetAsync();
        await UntilAsync(stage, store => Is(store, "Ready"), cancellation);
        await scene.FillAsync(stage, (await StoreAsync(stage, cancellation)).Status!.Location!, objects, cancellation);
        stage.Cloud.Admin.ResetCalls();
        await stage.Kube.Api<EncryptedStore>().PatchMergeAsync(Store,
            new JsonObject { ["spec"] = new JsonObject { ["keyRef"] = new JsonObject { ["name"] = "second" } } },
            cancellation);
        await UntilAsync(stage,
            store => Is(store, "Ready") && store.Status is { PinnedKeys: null, PendingKey: null }
                && store.Status.ActiveKey == scene.SecondKey && Find(store, "ObjectsReencrypted") is null,
            cancellation);
        return stage.Cloud.Admin.Counts()
            .Where(one => one.Key.StartsWith($"{scene.Service}:", StringComparison.Ordinal)).ToDictionary();
    }

    private static ObjectKey Store { get; } = new(ChangeScene.Space, "store");

    private static async Task<EncryptedStore> StoreAsync(Stage stage, CancellationToken cancellation) =>
        await stage.Kube.Api<EncryptedStore>().GetAsync(Store, cancellation);

    private static async Task UntilAsync(
        Stage stage, Predicate<EncryptedStore> holds, CancellationToken cancellation)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        enough.CancelAfter(patience);
        while (await StoreAsync(stage, enough.Token) is var store && !holds(store))
        {
            await stage.ThrowIfDeadAsync();
            await Task.Delay(look, enough.Token);
        }
    }

    private static bool Is(EncryptedStore store, string type) => Find(store, type)?.Status == "True";

    private static Condition? Find(EncryptedStore store, string type) =>
        Conditions.Find(store.Status?.Conditions ?? [], type);
}

using System.Text;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Keys;
using ByokOperator.Migrations;
using ByokOperator.Reconciling;
using ByokOperator.Returning;
using ByokOperator.Stores;
using Kube.Core;
using Kube.Core.Kinds;
using Simulation.Real.Clouds;

namespace Simulation.Real.Bugs;

/// <summary>A store on its way back, as bugs see it and what they do to it.</summary>
internal static class Returned
{
    public static StoreWorld Saw(Bug bug, StoreWorld seen) => bug switch
    {
        Bug.ReturnsWithoutConsent
            when seen.Return is { IsAsked: true } back => seen with { Return = back with { IsConfirmed = true } },
        Bug.ReturnGoesOnThoughRevoked
            when seen.Return is { IsBegun: true } => seen with { Key = seen.Key.Select(Usable(seen)) },
        _ => seen,
    };

    /// <summary>What an act hears of the store, as if somebody had consented.</summary>
    public static byte[] Consented(byte[] answer)
    {
        if (JsonNode.Parse(answer) is not JsonObject { } store || store["spec"] is null)
        {
            return answer;
        }

        var annotations = store["metadata"]!["annotations"] as JsonObject ?? [];
        annotations[Labels.ConfirmReturn] = "data/key";
        store["metadata"]!["annotations"] = annotations.DeepClone();
        return Encoding.UTF8.GetBytes(store.ToJsonString());
    }

    /// <summary>Right before the act.</summary>
    public static void Does(Bug bug, World world, Home home, Act act)
    {
        if ((bug, act) is (Bug.RecordEndsBeforeThePlace, ReturnAct.DeleteStore))
        {
            world.People.Delete<ConfigMap>(
                new ObjectKey(World.OperatorNamespace, $"store.{home.Namespace}.{home.Store.Name}.{home.Uid}"));
        }
    }

    /// <summary>What a bug does besides.</summary>
    public static void Did(Bug bug, World world, Home home, Act act)
    {
        switch (bug, act)
        {
            case (Bug.StoreIsEmptiedAtTheReceipt, MigrationAct.WriteReceipt { IsReturn: true }):
                home.Target?.Under(home.Prefix).ToList().ForEach(home.Target.Remove);
                break;
            case (Bug.OldBindingIsLetIn, MigrationAct.ServeTarget { IsReturn: true }):
                home.Target?.Fences.Clear();
                break;
            case (Bug.LeadsBackBeforeTheReceipt, MigrationAct.StartCopy { IsReturn: true, Fence: null }):
                world.People.Patch<ConfigMap>(
                    new ObjectKey(home.Namespace, home.Binding),
                    new JsonObject { ["data"] = new JsonObject { ["bucket"] = World.SharedBucket } });
                break;
            default:
                break;
        }
    }

    /// <summary>What a pod of a copy finds when it begins.</summary>
    public static IReadOnlyList<Entry> Listed(Bug bug, bool isReturn, IReadOnlyList<Entry> listed) =>
        bug == Bug.NewestVersionAloneGoesBack && isReturn ? [.. listed.DistinctBy(entry => entry.Key)] : listed;

    /// <summary>Whatever was said of it, it works.</summary>
    private static Func<KeySnapshot?, KeySnapshot?> Usable(StoreWorld seen) =>
        standing => standing is null ? null : standing with
        {
            Regions = standing.Regions.ToDictionary(
                region => region.Key,
                region => region.Value with { Judgement = Fact.Seen<KeyJudgement>(new KeyJudgement.Usable(seen.Now)) }),
        };
}

using System.Text;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using ByokOperator.Stores;

namespace Simulation.Real.Bugs;

/// <summary>A store that is deleted and whose data goes back first, as bugs see it,
/// and as their acts hear of it.</summary>
internal static class Deleted
{
    public static StoreWorld Saw(Bug bug, StoreWorld seen) => (bug, seen) switch
    {
        (Bug.DeletionPolicyIsForgotten, { IsDeleting: true }) =>
            seen with { DeletionPolicy = DeletionPolicies.Retain, Return = null },
        (Bug.ReturnsThoughRetainIsSaid, { IsDeleting: true, Return: { } back }) => seen with
        {
            DeletionPolicy = DeletionPolicies.ReturnToShared,
            Return = back with { IsAsked = true, IsByDeletion = true },
        },
        (Bug.DeletionReturnsWithoutConsent, { IsDeleting: true, Return: { IsByDeletion: true } back }) =>
            seen with { Return = back with { IsConfirmed = true } },
        (Bug.ObjectGoesBeforeItsReturnIsTakenBack,
            { IsDeleting: true, DeletionPolicy: DeletionPolicies.Retain }) => seen with { Return = null },
        (Bug.ShutStoreIsLetGoWithoutItsData, { IsDeleting: true }) when StoreVerdict.MustClose(seen) is not null =>
            seen with { DeletionPolicy = DeletionPolicies.Retain, Return = null },
        _ => seen,
    };

    /// <summary>What an act hears of the store; null where no bug of this kind is seeded.</summary>
    public static byte[]? Heard(Bug bug, byte[] answer) => bug switch
    {
        Bug.ReturnsThoughRetainIsSaid => Edited(answer, store =>
            store["spec"]!["deletionPolicy"] = DeletionPolicies.ReturnToShared),
        Bug.DeletionReturnsWithoutConsent => Returned.Consented(answer),
        _ => null,
    };

    private static byte[] Edited(byte[] answer, Action<JsonObject> edit)
    {
        if (JsonNode.Parse(answer) is not JsonObject { } store || store["spec"] is null)
        {
            return answer;
        }

        edit(store);
        return Encoding.UTF8.GetBytes(store.ToJsonString());
    }
}

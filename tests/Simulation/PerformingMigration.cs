using System.Diagnostics;
using ByokOperator.Migrations;
using ByokOperator.Stores;

namespace Simulation;

/// <summary>Performs migration acts as their contracts say: each precondition is looked at live.</summary>
internal sealed class PerformingMigration(Truth truth, Bug bug, PerformingStore opening)
{
    private const int Batch = 2;

    private bool IsCareless => bug is Bug.ActsWithoutPrecondition;

    public void Perform(MigrationAct act)
    {
        switch (act)
        {
            case MigrationAct.StartCopy start when MayCopy(start): Start(start); break;
            case MigrationAct.StopCopy stop: truth.Jobs.RemoveAll(job => job.Fingerprint == stop.Fingerprint); break;
            case MigrationAct.QuiesceWorkloads when truth.IsWanted: truth.Suspended += truth.Running; truth.Running = 0; break;
            case MigrationAct.RaiseFence when truth.IsWanted || IsCareless: truth.Fence ??= $"f{++truth.FencesRaised}"; break;
            case MigrationAct.WriteReceipt write when MayVouch(write): Vouch(write); break;
            case MigrationAct.MarkServed mark when MayMark(mark): truth.Served ??= new ServedMark(mark.Receipt, truth.Now); break;
            case MigrationAct.ServeTarget serve when MayServe(serve): opening.Opens(); truth.Binding = new BindingFacts(serve.Binding, serve.Receipt); break;
            case MigrationAct.RetireBatch retire when MayRetire(retire): Retire(); break;
            case MigrationAct.LiftFence lift when truth.Fence == lift.Token || IsCareless: truth.Fence = null; break;
            case MigrationAct.ClearCopies clear when truth.Receipt?.Digest == clear.Receipt: truth.Jobs.Clear(); break;
            case MigrationAct.StartCopy or MigrationAct.QuiesceWorkloads or MigrationAct.RaiseFence or MigrationAct.WriteReceipt or MigrationAct.MarkServed
                or MigrationAct.ServeTarget or MigrationAct.RetireBatch or MigrationAct.LiftFence or MigrationAct.ClearCopies: break; // its precondition is gone
            default: throw new UnreachableException(act.ToString());
        }
    }

    private bool MayCopy(MigrationAct.StartCopy start) =>
        IsCareless || (truth.IsWanted && (truth.Served is null || bug is Bug.NoServedMark) && (start.Fence is null || start.Fence == truth.Fence));

    private void Start(MigrationAct.StartCopy start)
    {
        if (!truth.Jobs.Exists(job => job.Fingerprint == start.Fingerprint && job.Attempt >= start.Attempt))
        {
            truth.Jobs.Add(new CopyRun(start.Fingerprint, start.Attempt));
            truth.LastWords.TryAdd(start.Fingerprint, new Version[]?[Truth.Shards]);
        }
    }

    private bool MayVouch(MigrationAct.WriteReceipt write) =>
        IsCareless || bug is Bug.ReceiptBeforeDelta or Bug.OneShardCountsAsAll or Bug.DeltaNotBoundToItsFence
        || (truth.IsWanted && truth.Served is null && truth.Fence == write.Fence && truth.AllShardsDone(write.Copy) && truth.Receipt?.Digest == write.Replaces);

    private void Vouch(MigrationAct.WriteReceipt write)
    {
        truth.Receipt = new ReceiptFacts(write.Scope, write.Fence, $"digest-{write.Fence}");
        truth.Manifest.Clear();
        foreach (var word in truth.LastWords.GetValueOrDefault(write.Copy) ?? truth.LastWords.Values.FirstOrDefault(words => Array.TrueForAll(words, one => one is not null)) ?? [])
        {
            truth.Manifest.AddRange(word ?? []);
        }
    }

    private bool MayMark(MigrationAct.MarkServed mark) =>
        IsCareless || (truth.IsWanted && truth.Receipt?.Digest == mark.Receipt && truth.Fence == mark.Fence && (!truth.AnyCopyRuns || bug is Bug.StragglerCopyLeftRunning));

    private bool MayServe(MigrationAct.ServeTarget serve) =>
        truth.Pin is { } pin && (IsCareless || (truth.Served?.Receipt == serve.Receipt && opening.MayOpen(pin)));

    private bool MayRetire(MigrationAct.RetireBatch retire) =>
        IsCareless || bug is Bug.RetiresBeforeServed or Bug.DeletingRetiresTheSource
        || (truth.IsWanted && truth.Receipt?.Digest == retire.Receipt && truth.Fence == retire.Fence
            && truth.Binding is { } binding && binding.Content == retire.Binding && binding.Receipt == retire.Receipt);

    private void Retire()
    {
        if (bug is Bug.DeletesByPrefixWithoutSlash)
        {
            truth.Neighbour.Versions.Clear(); // "acme" is also how "acme2/" begins
            truth.Source.Versions.Clear();
        }

        var vouched = bug is Bug.DeletingRetiresTheSource ? [.. truth.Source.Versions] : truth.Manifest;
        var batch = truth.Source.Versions.Where(vouched.Contains).Take(Batch).ToList();
        batch.ForEach(version => truth.Source.Versions.Remove(version));
        if (batch.Count < Batch)
        {
            truth.Retired = truth.Receipt?.Digest;
        }
    }
}

using ByokOperator.Api;
using ByokOperator.Cluster;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Copies;

/// <summary>Makes the Jobs of workers, and ends them with their pods. All of a store's carry its uid.</summary>
internal sealed class WorkerJobs(OperatorContext around)
{
    /// <summary>What fingerprints of re-encryptions begin with; those of copies do not.</summary>
    public const string ReencryptionPrefix = "rekey-";

    public static string LabelsOf(EncryptedStore store) => $"{Labels.StoreUid}={store.Metadata.Uid}";

    public static string LabelsOf(EncryptedStore store, string fingerprint) =>
        $"{LabelsOf(store)},{Labels.Fingerprint}={fingerprint}";

    public static bool IsReencryption(Job job) =>
        job.Metadata.Labels?.GetValueOrDefault(Labels.Fingerprint)
            ?.StartsWith(ReencryptionPrefix, StringComparison.Ordinal) == true;

    /// <summary>The name says what the Job is for, so one that stands already is this one.</summary>
    public async Task CreateAsync(IReadOnlyList<Job> jobs, CancellationToken cancellation)
    {
        foreach (var job in jobs)
        {
            try
            {
                around.Writes.Wrote(await around.Kube.Api<Job>().CreateAsync(job, cancellation, Children.FieldManager));
            }
            catch (KubeException problem) when (problem.Status.IsAlreadyExists)
            {
            }
        }
    }

    /// <summary>In the foreground: a Job stands until its last pod is gone,
    /// for a straggler could put old data over new.</summary>
    /// <param name="labels">Of which.</param>
    /// <param name="cancellation">As everywhere.</param>
    public async Task StopAsync(string labels, CancellationToken cancellation)
    {
        var api = around.Kube.Api<PartialObject<Job>>();
        await foreach (var page in api.ListAsync(new Selection(around.Options.Namespace, labels), cancellation))
        {
            foreach (var job in page.Items.Where(job => job.Metadata.DeletionTimestamp is null))
            {
                await api.DeleteAsync(job.Metadata.Key,
                    new DeleteOptions { Uid = job.Metadata.Uid, Propagation = Propagation.Foreground }, cancellation);
            }
        }
    }

    /// <summary>Live.</summary>
    public async Task<IReadOnlyList<Job>> ListAsync(EncryptedStore store, CancellationToken cancellation)
    {
        List<Job> all = [];
        await foreach (var page in around.Kube.Api<Job>()
            .ListAsync(new Selection(around.Options.Namespace, LabelsOf(store)), cancellation))
        {
            all.AddRange(page.Items);
        }

        return all;
    }
}

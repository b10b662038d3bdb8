using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace LocalCloud.Aws.S3;

/// <summary>Buckets made, found, listed and removed.</summary>
internal sealed partial class Buckets(S3Store store, string partition)
{
    public async Task ListBuckets(S3Call call)
    {
        var account = call.Aws.Caller.Account;
        call.DemandOfIdentity("s3:ListAllMyBuckets", "*");
        await S3Xml.SendAsync(call, "ListAllMyBucketsResult", xml =>
        {
            xml.WriteStartElement("Owner");
            xml.WriteElementString("ID", account);
            xml.WriteEndElement();
            xml.WriteStartElement("Buckets");
            foreach (var bucket in store.OwnedBy(account)
                .Where(one =>
                    call.Query("prefix") is not { } prefix || one.Name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                xml.WriteStartElement("Bucket");
                xml.WriteElementString("Name", bucket.Name);
                xml.WriteElementString("CreationDate", S3Xml.Time(bucket.Created));
                xml.WriteElementString("BucketRegion", bucket.Region);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        });
    }

    public async Task CreateBucket(S3Call call)
    {
        var name = call.Aws.Bucket!;
        if (call.Aws.Claim.AccessKey.Length == 0)
        {
            throw new AwsProblem(403, "AccessDenied", "Access Denied");
        }

        if (!Name().IsMatch(name))
        {
            throw new AwsProblem(400, "InvalidBucketName",
                "The specified bucket is not valid.") { Detail = ("BucketName", name) };
        }

        var (region, tags) = await ReadAsync(call);
        var bucket =
            new Bucket(name, region, call.Aws.Caller.Account, store.Now) { Arn = $"arn:{partition}:s3:::{name}" };
        DemandCreation(call, bucket, tags);
        bucket.Documents["publicAccessBlock"] = ConfigDocuments.BlockAllPublicAccess;
        bucket.Documents["ownershipControls"] =
            ConfigDocuments.Ownership(call.Header("x-amz-object-ownership") ?? "BucketOwnerEnforced");
        if (tags is not null)
        {
            bucket.Documents["tagging"] = tags;
        }

        if (!store.TryAdd(bucket))
        {
            Refuse(call, store.Find(name), region);
        }

        call.Aws.Response.Headers.Location = "/" + name;
        await S3Xml.SendEmptyAsync(call);
    }

    public Task HeadBucket(S3Call call)
    {
        var bucket = call.Permitted("s3:ListBucket");
        call.Aws.Response.Headers["x-amz-bucket-region"] = bucket.Region;
        return S3Xml.SendEmptyAsync(call);
    }

    public async Task GetBucketLocation(S3Call call)
    {
        var bucket = store.Find(call.Aws.Bucket!) ?? throw S3Problems.NoSuchBucket(call.Aws.Bucket!);
        call.Demand(bucket, "s3:GetBucketLocation", bucket.Arn);
        await S3Xml.SendAsync(call, "LocationConstraint",
            xml => xml.WriteString(bucket.Region == "us-east-1" ? "" : bucket.Region));
    }

    public Task DeleteBucket(S3Call call)
    {
        var bucket = call.Permitted("s3:DeleteBucket");
        lock (bucket.Gate)
        {
            if (bucket.Index.Count > 0)
            {
                throw new AwsProblem(409, "BucketNotEmpty", bucket.Versioning == Versioning.Off
                    ? "The bucket you tried to delete is not empty"
                    : "The bucket you tried to delete is not empty. You must delete all versions in the bucket.");
            }

            store.Remove(bucket);
        }

        return S3Xml.SendEmptyAsync(call, 204);
    }

    /// <summary>Tags and another owner of objects are permissions of their own
    /// (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html).</summary>
    private static void DemandCreation(S3Call call, Bucket bucket, string? tags)
    {
        call.DemandOfIdentity("s3:CreateBucket", bucket.Arn);
        if (tags is not null)
        {
            call.DemandOfIdentity("s3:TagResource", bucket.Arn);
        }

        if (call.Header("x-amz-object-ownership") is not null)
        {
            call.DemandOfIdentity("s3:PutBucketOwnershipControls", bucket.Arn);
        }
    }

    /// <summary>The region, and the tags as a document of their own; null where none are given.</summary>
    private static async Task<(string Region, string? Tags)> ReadAsync(S3Call call)
    {
        var asked = call.Aws.Claim.Region;
        if (call.Aws.Request.ContentLength is null or 0 && call.Header("Transfer-Encoding") is null)
        {
            return asked == "us-east-1" ? (asked, null) : throw IllegalLocation(null);
        }

        var (root, _) = await S3Xml.ReadAsync(call);
        var wanted = root.Text("LocationConstraint") switch
        {
            null or "" => "us-east-1",
            "EU" => "eu-west-1",
            var region => region,
        };
        return asked == wanted || (asked == "us-east-1" && root.Text("LocationConstraint") is { Length: > 0 })
            ? (wanted, TagsOf(root))
            : throw IllegalLocation(root.Text("LocationConstraint"));
    }

    private static string? TagsOf(XElement root)
    {
        XNamespace space = S3Xml.Space;
        var tags = root.One("Tags")?.All("Tag")
            .Select(tag =>
                new XElement(space + "Tag", new XElement(space + "Key", tag.Text("Key")),
                    new XElement(space + "Value", tag.Text("Value")))).ToList();
        return tags is not [_, ..] ? null
            : new XElement(space + "Tagging",
                new XElement(space + "TagSet", tags)).ToString(SaveOptions.DisableFormatting);
    }

    private static AwsProblem IllegalLocation(string? wanted) => new(
        400,
        "IllegalLocationConstraintException",
        $"The {wanted ?? "unspecified"} location constraint is incompatible for the region specific endpoint this "
            + "request was sent to.");

    /// <summary>Only us-east-1 forgives its owner for making a bucket twice.</summary>
    private static void Refuse(S3Call call, Bucket? existing, string region)
    {
        if (existing?.Owner == call.Aws.Caller.Account)
        {
            if (existing.Region == "us-east-1" && region == "us-east-1")
            {
                return;
            }

            throw new AwsProblem(409, "BucketAlreadyOwnedByYou",
                "Your previous request to create the named bucket succeeded and you already own it.")
                {
                    Detail = ("BucketName", call.Aws.Bucket!),
                };
        }

        throw new AwsProblem(409, "BucketAlreadyExists",
            "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
                + "Please select a different name and try again.")
        {
            Detail = ("BucketName", call.Aws.Bucket!),
        };
    }

    [GeneratedRegex(@"^(?!\d+\.\d+\.\d+\.\d+$)(?!xn--)[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]$")]
    private static partial Regex Name();
}

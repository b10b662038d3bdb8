using System.CommandLine;
using LocalCloud;

var port = new Option<int>("--port") { Description = "0 takes a free one", DefaultValueFactory = _ => 0 };
var urls =
    new Option<string?>("--urls-file") { Description = "writes the endpoint into this file once the server listens" };
var folder = new Option<string?>(
    "--storage") { Description = "folder for object data; the system's temporary folder otherwise" };
var lag =
    new Option<double>("--s3-disable-lag") { Description = "seconds that S3 goes on serving after a key was disabled" };
var strict = new Option<bool>("--http-is-insecure") { Description = "aws:SecureTransport is false over plain HTTP" };
var azure = new Option<string?>("--azure-file")
{
    Description = "writes what a shell needs to reach Azure here into this file, and the certificate beside it (.pem)",
};
var move = new Option<bool>(
    "--copies-move-bytes") { Description = "a copy reads and writes every byte instead of sharing them" };
var root = new RootCommand("KMS, S3 and STS, and Microsoft Entra, ARM, Key Vault and Blob, on loopback, for tests")
{
    port,
    urls,
    folder,
    lag,
    strict,
    move,
    azure,
};
root.SetAction(async (parsed, cancellation) =>
{
    await using var server = await LocalCloudServer.StartAsync(new LocalCloudOptions
    {
        Port = parsed.GetValue(port),
        StorageFolder = parsed.GetValue(folder),
        S3DisableLag = TimeSpan.FromSeconds(parsed.GetValue(lag)),
        CopiesMoveBytes = parsed.GetValue(move),
        TreatHttpAsSecure = !parsed.GetValue(strict),
    }, cancellation);
    Console.WriteLine(server.Url.ToString().TrimEnd('/'));
    if (parsed.GetValue(azure) is { } azureFile)
    {
        var certificate = Path.GetFullPath(azureFile + ".pem");
        await File.WriteAllTextAsync(certificate, server.AzureCertificatePem, cancellation);
        await File.WriteAllTextAsync(azureFile + ".part", $"""
            export HTTPS_PROXY={server.AzureProxyUrl.ToString().TrimEnd('/')}
            export SSL_CERT_FILE={certificate}
            export LOCALCLOUD_AZURE_PLAIN={server.AzurePlainUrl.ToString().TrimEnd('/')}

            """, cancellation);
        File.Move(azureFile + ".part", azureFile, overwrite: true);
    }

    if (parsed.GetValue(urls) is { } file)
    {
        await File.WriteAllTextAsync(file + ".part", server.Url.ToString().TrimEnd('/'), cancellation);
        File.Move(file + ".part", file, overwrite: true);
    }

    await Task.Delay(Timeout.Infinite, cancellation).ContinueWith(_ => { }, TaskScheduler.Default);
});
return await root.Parse(args).InvokeAsync();

/** Fashion-MNIST fetched once and verified: ten kinds of clothes in the format of MNIST. */
import { cachePath } from './cache.js'
import { type DownloadOptions, downloadMnist } from './download.js'

/** MD5 of each .gz file of Fashion-MNIST, as its authors state them. */
const files: Readonly<Record<string, string>> = {
  'train-images-idx3-ubyte': '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
  'train-labels-idx1-ubyte': '25c81989df183df01b3e8a0aad5dffbe',
  't10k-images-idx3-ubyte': 'bef4ecab320f06d8554ea6380940ec79',
  't10k-labels-idx1-ubyte': 'bb300cfdad3c16e7a12a480ee83cd310',
}

const mirrors = ['http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/']

/**
 * Fetches the files of Fashion-MNIST that are missing and returns their folder, as `downloadMnist`
 * does for MNIST.   Xiao et al. 2017, arXiv:1708.07747.
 * @throws Error that lists what each mirror answered
 */
export function downloadFashionMnist(options: DownloadOptions = {}): Promise<string> {
  const { folder = cachePath('fashion-mnist'), ...others } = options
  return downloadMnist({
    ...others,
    folder,
    mirrors: others.mirrors ?? mirrors,
    files: others.files ?? files,
  })
}

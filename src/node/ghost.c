/*
 * A Vulkan layer that opens a graphics card without the card.
 *
 * Mesa's driver for AMD cards, RADV, can make a device for a card that is not there
 * (RADV_FORCE_FAMILY). That device compiles shaders, and can do nothing else: it has no memory and
 * no queue. This layer stands between Dawn and the driver and supplies the rest:
 *
 *   memory     one heap of one type, from calloc. A buffer is never connected to it.
 *   commands   are accepted and dropped, and so are submissions.
 *   waiting    is over at once.
 *   the rest   goes to the driver, above all the making of pipelines.
 *
 * So a whole program runs, each of its pipelines goes through the real compiler, and every result
 * is 0. One instance and one device per process are enough here; that is why they are globals.
 */
#include <stdlib.h>
#include <string.h>
#include <vulkan/vk_layer.h>
#include <vulkan/vulkan.h>

static VkInstance instance;
/* The next in the chain: the driver, or another layer. */
static PFN_vkGetInstanceProcAddr nextOfInstance;
static PFN_vkGetDeviceProcAddr nextOfDevice;

/* ---- Instance and device: made by the driver, whose functions are found through pNext. ---- */

static VkResult VKAPI_CALL createInstance(const VkInstanceCreateInfo *info,
                                          const VkAllocationCallbacks *allocator, VkInstance *out) {
  VkLayerInstanceCreateInfo *link = (void *)info->pNext;
  while (link && (link->sType != VK_STRUCTURE_TYPE_LOADER_INSTANCE_CREATE_INFO ||
                  link->function != VK_LAYER_LINK_INFO))
    link = (void *)link->pNext;
  if (!link) return VK_ERROR_INITIALIZATION_FAILED;
  nextOfInstance = link->u.pLayerInfo->pfnNextGetInstanceProcAddr;
  link->u.pLayerInfo = link->u.pLayerInfo->pNext; /* the link of the next layer */
  PFN_vkCreateInstance create = (PFN_vkCreateInstance)nextOfInstance(NULL, "vkCreateInstance");
  VkResult result = create(info, allocator, out);
  if (result == VK_SUCCESS) instance = *out;
  return result;
}

static VkResult VKAPI_CALL createDevice(VkPhysicalDevice card, const VkDeviceCreateInfo *info,
                                        const VkAllocationCallbacks *allocator, VkDevice *out) {
  VkLayerDeviceCreateInfo *link = (void *)info->pNext;
  while (link && (link->sType != VK_STRUCTURE_TYPE_LOADER_DEVICE_CREATE_INFO ||
                  link->function != VK_LAYER_LINK_INFO))
    link = (void *)link->pNext;
  if (!link) return VK_ERROR_INITIALIZATION_FAILED;
  nextOfDevice = link->u.pLayerInfo->pfnNextGetDeviceProcAddr;
  PFN_vkGetInstanceProcAddr next = link->u.pLayerInfo->pfnNextGetInstanceProcAddr;
  link->u.pLayerInfo = link->u.pLayerInfo->pNext;
  PFN_vkCreateDevice create = (PFN_vkCreateDevice)next(instance, "vkCreateDevice");
  return create(card, info, allocator, out);
}

/* ---- Memory ---- */

static void describe(VkPhysicalDeviceMemoryProperties *memory) {
  memset(memory, 0, sizeof *memory);
  memory->memoryHeapCount = 1;
  memory->memoryHeaps[0].size = (VkDeviceSize)16 << 30;
  memory->memoryHeaps[0].flags = VK_MEMORY_HEAP_DEVICE_LOCAL_BIT;
  memory->memoryTypeCount = 1;
  memory->memoryTypes[0].propertyFlags =
      VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT | VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT |
      VK_MEMORY_PROPERTY_HOST_COHERENT_BIT | VK_MEMORY_PROPERTY_HOST_CACHED_BIT;
}

static void VKAPI_CALL memoryOf(VkPhysicalDevice card, VkPhysicalDeviceMemoryProperties *memory) {
  describe(memory);
}

static void VKAPI_CALL memoryOf2(VkPhysicalDevice card, VkPhysicalDeviceMemoryProperties2 *memory) {
  describe(&memory->memoryProperties);
}

/* Size and alignment are the driver's; the type is ours. */
static void VKAPI_CALL needs(VkDevice device, VkBuffer buffer, VkMemoryRequirements *out) {
  PFN_vkGetBufferMemoryRequirements ask =
      (PFN_vkGetBufferMemoryRequirements)nextOfDevice(device, "vkGetBufferMemoryRequirements");
  ask(device, buffer, out);
  out->memoryTypeBits = 1;
}

static void VKAPI_CALL needs2(VkDevice device, const VkBufferMemoryRequirementsInfo2 *info,
                              VkMemoryRequirements2 *out) {
  PFN_vkGetBufferMemoryRequirements2 ask =
      (PFN_vkGetBufferMemoryRequirements2)nextOfDevice(device, "vkGetBufferMemoryRequirements2");
  ask(device, info, out);
  out->memoryRequirements.memoryTypeBits = 1;
}

/* A handle of memory is the address of its first byte. */
static VkResult VKAPI_CALL allocate(VkDevice device, const VkMemoryAllocateInfo *info,
                                    const VkAllocationCallbacks *allocator, VkDeviceMemory *out) {
  void *bytes = calloc(1, info->allocationSize);
  *out = (VkDeviceMemory)bytes;
  return bytes ? VK_SUCCESS : VK_ERROR_OUT_OF_DEVICE_MEMORY;
}

static void VKAPI_CALL release(VkDevice device, VkDeviceMemory memory,
                               const VkAllocationCallbacks *allocator) {
  free((void *)memory);
}

static VkResult VKAPI_CALL map(VkDevice device, VkDeviceMemory memory, VkDeviceSize offset,
                               VkDeviceSize size, VkMemoryMapFlags flags, void **out) {
  *out = (char *)memory + offset;
  return VK_SUCCESS;
}

/* ---- What has a handle and nothing behind it ---- */

static uint64_t handles;

static VkResult VKAPI_CALL make(VkDevice device, const void *info,
                                const VkAllocationCallbacks *allocator, uint64_t *out) {
  *out = ++handles;
  return VK_SUCCESS;
}

static VkResult VKAPI_CALL makeSets(VkDevice device, const VkDescriptorSetAllocateInfo *info,
                                    uint64_t *out) {
  for (uint32_t i = 0; i < info->descriptorSetCount; i++) out[i] = ++handles;
  return VK_SUCCESS;
}

/* Every submission is done already: a timeline semaphore has its largest value. */
static VkResult VKAPI_CALL countOf(VkDevice device, VkSemaphore semaphore, uint64_t *out) {
  *out = UINT64_MAX;
  return VK_SUCCESS;
}

/* For functions of any arguments: the caller passes them and clears them, in C on Linux. */
static VkResult VKAPI_CALL succeed(void) { return VK_SUCCESS; }
static void VKAPI_CALL ignore(void) {}

/* ---- Which functions are ours ---- */

PFN_vkVoidFunction VKAPI_CALL ghostGetInstanceProcAddr(VkInstance of, const char *name);
PFN_vkVoidFunction VKAPI_CALL ghostGetDeviceProcAddr(VkDevice of, const char *name);

static const struct {
  const char *name;
  void *function;
} ours[] = {
    {"vkGetInstanceProcAddr", ghostGetInstanceProcAddr},
    {"vkGetDeviceProcAddr", ghostGetDeviceProcAddr},
    {"vkCreateInstance", createInstance},
    {"vkCreateDevice", createDevice},
    {"vkDestroyDevice", ignore},
    /* memory */
    {"vkGetPhysicalDeviceMemoryProperties", memoryOf},
    {"vkGetPhysicalDeviceMemoryProperties2", memoryOf2},
    {"vkGetPhysicalDeviceMemoryProperties2KHR", memoryOf2},
    {"vkGetBufferMemoryRequirements", needs},
    {"vkGetBufferMemoryRequirements2", needs2},
    {"vkGetBufferMemoryRequirements2KHR", needs2},
    {"vkAllocateMemory", allocate},
    {"vkFreeMemory", release},
    {"vkMapMemory", map},
    {"vkUnmapMemory", ignore},
    {"vkBindBufferMemory", succeed},
    {"vkBindBufferMemory2", succeed},
    {"vkFlushMappedMemoryRanges", succeed},
    {"vkInvalidateMappedMemoryRanges", succeed},
    /* bindings */
    {"vkCreateDescriptorPool", make},
    {"vkDestroyDescriptorPool", ignore},
    {"vkResetDescriptorPool", succeed},
    {"vkAllocateDescriptorSets", makeSets},
    {"vkFreeDescriptorSets", succeed},
    {"vkUpdateDescriptorSets", ignore},
    {"vkUpdateDescriptorSetWithTemplate", ignore},
    /* commands; those whose names begin with vkCmd are all ignored */
    {"vkBeginCommandBuffer", succeed},
    {"vkEndCommandBuffer", succeed},
    {"vkResetCommandBuffer", succeed},
    {"vkResetCommandPool", succeed},
    {"vkFreeCommandBuffers", ignore},
    {"vkDestroyCommandPool", ignore},
    {"vkQueueSubmit", succeed},
    {"vkQueueSubmit2", succeed},
    {"vkQueueSubmit2KHR", succeed},
    /* waiting */
    {"vkQueueWaitIdle", succeed},
    {"vkDeviceWaitIdle", succeed},
    {"vkCreateFence", make},
    {"vkDestroyFence", ignore},
    {"vkResetFences", succeed},
    {"vkGetFenceStatus", succeed},
    {"vkWaitForFences", succeed},
    {"vkCreateSemaphore", make},
    {"vkDestroySemaphore", ignore},
    {"vkWaitSemaphores", succeed},
    {"vkWaitSemaphoresKHR", succeed},
    {"vkGetSemaphoreCounterValue", countOf},
    {"vkGetSemaphoreCounterValueKHR", countOf},
    {"vkCreateQueryPool", make},
    {"vkDestroyQueryPool", ignore},
    {"vkResetQueryPool", ignore},
};

static PFN_vkVoidFunction find(const char *name) {
  if (!strncmp(name, "vkCmd", 5)) return (PFN_vkVoidFunction)ignore;
  for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
    if (!strcmp(name, ours[i].name)) return (PFN_vkVoidFunction)ours[i].function;
  return NULL;
}

PFN_vkVoidFunction VKAPI_CALL ghostGetInstanceProcAddr(VkInstance of, const char *name) {
  PFN_vkVoidFunction found = find(name);
  return found ? found : nextOfInstance(of, name);
}

PFN_vkVoidFunction VKAPI_CALL ghostGetDeviceProcAddr(VkDevice of, const char *name) {
  PFN_vkVoidFunction found = find(name);
  return found ? found : nextOfDevice(of, name);
}

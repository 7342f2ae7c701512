// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IRoyalties} from "./IRoyalties.sol";

/// @title ModelRegistry
/// @notice A model is an ERC-721 row that holds one or more programs (sizes, lengths, recompilations), each with the
/// digest of its manifest, and a price for each input. A model is named by its first owner and first program, so
/// registering another's program first takes nothing from its maker: jobs name the model.
/// Its revenue is in {IRoyalties}: the owner's, or its shares' holders' where it has shares, less what its lineage draws.
/// A lineage is proven where it comes from a training run; every other is what the model's owner says.
/// @dev Registering asserts nothing about a program. Deal only in a programId that you, or someone you name,
/// recompiled from the manifest's ONNX.
interface IModelRegistry is IERC721 {
    event Registered(uint256 indexed model, address indexed owner, address token, uint96 price);
    event ProgramAdded(uint256 indexed model, bytes32 indexed programId, bytes32 manifest);
    event Priced(uint256 indexed model, address token, uint96 price);
    /// @notice A completed run made this model; its lineage is proven.
    event Trained(
        uint256 indexed model,
        bytes32 indexed runId,
        address indexed owner,
        bytes32 manifest,
        address shares
    );

    /// @notice This owner registered a model with this program already.
    error ModelRegistry_Exists(uint256 model);
    /// @notice The model holds this program already; a manifest is never replaced.
    error ModelRegistry_ProgramExists(uint256 model, bytes32 programId);
    /// @notice The model does not hold this program.
    error ModelRegistry_NoProgram(uint256 model, bytes32 programId);
    /// @notice A program and its manifest are not zero.
    error ModelRegistry_Zero();
    /// @notice Only the model's owner may.
    error ModelRegistry_NotOwner(uint256 model, address caller);
    /// @notice Only the training registry registers what a run made.
    error ModelRegistry_NotTraining(address caller);
    /// @notice The model has shares already: there are no more.
    error ModelRegistry_HasShares(uint256 model, address shares);

    /// @notice Registers a model with its first program; the caller owns it.
    /// @param programId what the compiler made
    /// @param manifest sha2-256 digest of the manifest's dag-cbor block
    /// @param token ERC-20 in which the price counts
    /// @param price royalty for each input, in the token's units
    /// @return model keccak256(abi.encode(owner, programId))
    function register(
        bytes32 programId,
        bytes32 manifest,
        address token,
        uint96 price
    ) external returns (uint256 model);

    /// @notice Registers a model that comes from others, as its owner says: what its parents draw of its revenue is fixed
    /// here, for good.
    /// @param parents base model (version 0) and data sets; they exist already
    /// @return model as of {register}
    function registerDerived(
        bytes32 programId,
        bytes32 manifest,
        address token,
        uint96 price,
        IRoyalties.Parent[] calldata parents
    ) external returns (uint256 model);

    /// @notice Registers what a completed run made, with its proven lineage, free until its owner prices it and without a
    /// program until its owner adds one. For the training registry, which gets all 1,000,000 shares to hand them out
    /// (IERC20.transfer): what they earn before goes with them.
    /// @param owner the run's initiator
    /// @param manifest sha2-256 digest of the run's manifest
    /// @param baseModel zero: none
    /// @param dataset zero: none
    /// @param token first revenue token of the shares, and that of the price
    /// @return model keccak256(abi.encode(runId))
    function registerTrained(
        address owner,
        bytes32 runId,
        bytes32 manifest,
        uint256 baseModel,
        uint16 baseRoyalty,
        uint256 dataset,
        uint32 version,
        uint16 dataRoyalty,
        address token
    ) external returns (uint256 model, address shares);

    /// @notice Divides the model's revenue from now on, and what of it nobody collected, among the holders of new shares.
    /// Once. For the owner, who gets only what it gives itself.
    /// @param holders at most 64
    /// @param amounts 18 decimals
    function createShares(
        uint256 model,
        address[] calldata holders,
        uint256[] calldata amounts
    ) external returns (address shares);

    /// @notice Adds a program. For the owner.
    function addProgram(uint256 model, bytes32 programId, bytes32 manifest) external;

    /// @notice Sets the price of jobs posted from now on. For the owner.
    function setPrice(uint256 model, address token, uint96 price) external;

    /// @notice The model's price for each input.
    function priceOf(uint256 model) external view returns (address token, uint96 price);

    /// @notice Digest of a program's manifest; reverts where the model does not hold the program.
    function manifestOf(uint256 model, bytes32 programId) external view returns (bytes32);

    /// @notice Where a model comes from.
    /// @return runId the run that proves it; zero: its owner says so
    function lineageOf(uint256 model) external view returns (bytes32 runId, IRoyalties.Parent[] memory parents);

    /// @notice The model's shares, or zero.
    function sharesOf(uint256 model) external view returns (address);

    /// @notice The ledger of the models' revenue.
    function royalties() external view returns (IRoyalties);

    /// @notice The price of running this program of this model; reverts where the model does not hold the program.
    function quote(uint256 model, bytes32 programId) external view returns (address token, uint96 price);
}

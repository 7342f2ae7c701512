// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

/// @title ModelRegistry
/// @notice A model is an ERC-721 row that holds one or more programs (sizes, lengths, recompilations), each with the
/// digest of its manifest, and a price for each input. A model is named by its first owner and first program, so
/// registering another's program first takes nothing from its maker: jobs name the model.
/// @dev Registering asserts nothing about a program. Deal only in a programId that you, or someone you name,
/// recompiled from the manifest's ONNX.
interface IModelRegistry is IERC721 {
    event Registered(uint256 indexed model, address indexed owner, address token, uint96 price);
    event ProgramAdded(uint256 indexed model, bytes32 indexed programId, bytes32 manifest);
    event Priced(uint256 indexed model, address token, uint96 price);

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

    /// @notice Adds a program. For the owner.
    function addProgram(uint256 model, bytes32 programId, bytes32 manifest) external;

    /// @notice Sets the price of jobs posted from now on. For the owner.
    function setPrice(uint256 model, address token, uint96 price) external;

    /// @notice The model's price for each input.
    function priceOf(uint256 model) external view returns (address token, uint96 price);

    /// @notice Digest of a program's manifest; reverts where the model does not hold the program.
    function manifestOf(uint256 model, bytes32 programId) external view returns (bytes32);

    /// @notice The price of running this program of this model; reverts where the model does not hold the program.
    function quote(uint256 model, bytes32 programId) external view returns (address token, uint96 price);
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

/// @title DatasetRegistry
/// @notice A data set is an ERC-721 row: typed columns of rows, committed as the list root of the columns' tensor roots,
/// in versions that only add rows, each with the digest of its manifest (name, licence, columns, parts, contributors);
/// and a price for each run that trains on it. Its revenue is in {IRoyalties}, divided by shares where contributors have
/// some.
/// @dev Registering asserts nothing about the rows. That a version begins with its predecessor's rows is not checked
/// here: a run names the version that it trains on, and readers check the bytes against it.
interface IDatasetRegistry is IERC721 {
    event Registered(uint256 indexed dataset, address indexed owner, bytes32 typesHash, address token, uint96 price);
    event VersionAdded(
        uint256 indexed dataset,
        uint32 indexed version,
        bytes32 columnsRoot,
        uint32 rows,
        bytes32 manifest
    );
    event Priced(uint256 indexed dataset, address token, uint96 price);

    /// @notice This owner registered this data set already.
    error DatasetRegistry_Exists(uint256 dataset);
    /// @notice The data set has no such version.
    error DatasetRegistry_NoVersion(uint256 dataset, uint32 version);
    /// @notice Types, columns and manifest are not zero.
    error DatasetRegistry_Zero();
    /// @notice A version has more rows than the one before it.
    error DatasetRegistry_Rows(uint256 dataset, uint32 rows, uint32 before);
    /// @notice At most 131,071 versions.
    error DatasetRegistry_Versions(uint256 dataset);
    /// @notice Only the data set's owner may.
    error DatasetRegistry_NotOwner(uint256 dataset, address caller);

    /// @notice Registers a data set with its version 1; the caller owns it.
    /// @param typesHash keccak256 of the columns' (dtype u8 ‖ rank u8 ‖ row dims u32…), joined; never changes
    /// @param columnsRoot list root of the columns' tensor roots
    /// @param rows in this version, at least 1
    /// @param manifest sha2-256 digest of the manifest's dag-cbor block
    /// @param token ERC-20 in which the price counts
    /// @param price for each run, in the token's units
    /// @param contributors at most 64 who get shares; none: the revenue is the owner's
    /// @param amounts their shares, 18 decimals
    /// @return dataset keccak256(abi.encode(owner, typesHash, manifest))
    function register(
        bytes32 typesHash,
        bytes32 columnsRoot,
        uint32 rows,
        bytes32 manifest,
        address token,
        uint96 price,
        address[] calldata contributors,
        uint256[] calldata amounts
    ) external returns (uint256 dataset);

    /// @notice Adds a version with more rows. For the owner. New contributors get new shares, which dilute the others; of
    /// a data set without shares these are the first, and all of its revenue is theirs.
    /// @return version its number, one more than the last
    function addVersion(
        uint256 dataset,
        bytes32 columnsRoot,
        uint32 rows,
        bytes32 manifest,
        address[] calldata contributors,
        uint256[] calldata amounts
    ) external returns (uint32 version);

    /// @notice Sets the price of runs created from now on. For the owner.
    function setPrice(uint256 dataset, address token, uint96 price) external;

    /// @notice A version, counted from 1; reverts where the data set has no such.
    function version(
        uint256 dataset,
        uint32 version_
    ) external view returns (bytes32 columnsRoot, uint32 rows, bytes32 manifest, bytes32 typesHash);

    /// @notice Number of the newest version; 0 where there is no such data set.
    function versions(uint256 dataset) external view returns (uint32);

    /// @notice The data set's price for each run.
    function priceOf(uint256 dataset) external view returns (address token, uint96 price);

    /// @notice The data set's shares, or zero.
    function sharesOf(uint256 dataset) external view returns (address);
}

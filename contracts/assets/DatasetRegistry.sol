// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IDatasetRegistry} from "../interfaces/IDatasetRegistry.sol";
import {IRoyalties} from "../interfaces/IRoyalties.sol";
import {Lineage} from "./Lineage.sol";

/// @notice Rules, limits and warnings: {IDatasetRegistry}.
contract DatasetRegistry is IDatasetRegistry, ERC721 {
    struct Dataset {
        // slot 0
        bytes32 typesHash;
        // slot 1
        address token;
        uint96 price;
        // slot 2
        uint32 versions;
        uint32 rows;
    }

    struct Version {
        // slot 0
        bytes32 columnsRoot;
        // slot 1
        bytes32 manifest;
        // slot 2
        uint32 rows;
    }

    IRoyalties private immutable ROYALTIES;

    mapping(uint256 dataset => Dataset) private _datasets;
    mapping(uint256 dataset => mapping(uint32 version => Version)) private _versions;

    constructor(IRoyalties royalties) ERC721("Essaim data sets", "ESSAIM-DATA") {
        ROYALTIES = royalties;
    }

    /// @inheritdoc IDatasetRegistry
    function register(
        bytes32 typesHash,
        bytes32 columnsRoot,
        uint32 rows,
        bytes32 manifest,
        address token,
        uint96 price,
        address[] calldata contributors,
        uint256[] calldata amounts
    ) external returns (uint256 dataset) {
        require(typesHash != 0, DatasetRegistry_Zero());
        dataset = uint256(keccak256(abi.encode(msg.sender, typesHash, manifest)));
        Dataset storage row = _datasets[dataset];
        require(row.versions == 0, DatasetRegistry_Exists(dataset));
        (row.typesHash, row.token, row.price) = (typesHash, token, price);
        _mint(msg.sender, dataset);
        emit Registered(dataset, msg.sender, typesHash, token, price);
        _addVersion(dataset, columnsRoot, rows, manifest, contributors, amounts);
    }

    /// @inheritdoc IDatasetRegistry
    function addVersion(
        uint256 dataset,
        bytes32 columnsRoot,
        uint32 rows,
        bytes32 manifest,
        address[] calldata contributors,
        uint256[] calldata amounts
    ) external returns (uint32) {
        _onlyOwner(dataset);
        return _addVersion(dataset, columnsRoot, rows, manifest, contributors, amounts);
    }

    /// @inheritdoc IDatasetRegistry
    function setPrice(uint256 dataset, address token, uint96 price) external {
        _onlyOwner(dataset);
        (_datasets[dataset].token, _datasets[dataset].price) = (token, price);
        emit Priced(dataset, token, price);
    }

    /// @inheritdoc IDatasetRegistry
    function version(
        uint256 dataset,
        uint32 version_
    ) external view returns (bytes32 columnsRoot, uint32 rows, bytes32 manifest, bytes32 typesHash) {
        Version storage row = _versions[dataset][version_];
        require(row.rows != 0, DatasetRegistry_NoVersion(dataset, version_));
        return (row.columnsRoot, row.rows, row.manifest, _datasets[dataset].typesHash);
    }

    /// @inheritdoc IDatasetRegistry
    function versions(uint256 dataset) external view returns (uint32) {
        return _datasets[dataset].versions;
    }

    /// @inheritdoc IDatasetRegistry
    function priceOf(uint256 dataset) external view returns (address token, uint96 price) {
        return (_datasets[dataset].token, _datasets[dataset].price);
    }

    /// @inheritdoc IDatasetRegistry
    function sharesOf(uint256 dataset) external view returns (address) {
        return ROYALTIES.sharesOf(dataset);
    }

    function _addVersion(
        uint256 dataset,
        bytes32 columnsRoot,
        uint32 rows,
        bytes32 manifest,
        address[] calldata contributors,
        uint256[] calldata amounts
    ) private returns (uint32 number) {
        require(columnsRoot != 0 && manifest != 0, DatasetRegistry_Zero());
        Dataset storage row = _datasets[dataset];
        require(rows > row.rows, DatasetRegistry_Rows(dataset, rows, row.rows));
        require(row.versions < Lineage.VERSIONS, DatasetRegistry_Versions(dataset));
        number = row.versions + 1;
        (row.versions, row.rows) = (number, rows);
        _versions[dataset][number] = Version(columnsRoot, manifest, rows);
        emit VersionAdded(dataset, number, columnsRoot, rows, manifest);
        if (contributors.length == 0 && amounts.length == 0) return number;
        address token = ROYALTIES.sharesOf(dataset) == address(0) ? row.token : address(0);
        ROYALTIES.share(dataset, token, address(0), contributors, amounts);
    }

    function _onlyOwner(uint256 dataset) private view {
        require(_requireOwned(dataset) == msg.sender, DatasetRegistry_NotOwner(dataset, msg.sender));
    }
}

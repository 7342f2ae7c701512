// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";

/// @notice Rules, limits and warnings: {IModelRegistry}.
contract ModelRegistry is IModelRegistry, ERC721 {
    struct Price {
        // slot 0
        address token;
        uint96 amount;
    }

    mapping(uint256 model => Price) private _prices;
    mapping(uint256 model => mapping(bytes32 programId => bytes32)) private _manifests;

    constructor() ERC721("Essaim models", "ESSAIM-MODEL") {}

    /// @inheritdoc IModelRegistry
    function register(
        bytes32 programId,
        bytes32 manifest,
        address token,
        uint96 price
    ) external returns (uint256 model) {
        model = uint256(keccak256(abi.encode(msg.sender, programId)));
        require(_manifests[model][programId] == 0, ModelRegistry_Exists(model));
        _prices[model] = Price(token, price);
        _mint(msg.sender, model);
        emit Registered(model, msg.sender, token, price);
        _addProgram(model, programId, manifest);
    }

    /// @inheritdoc IModelRegistry
    function addProgram(uint256 model, bytes32 programId, bytes32 manifest) external {
        _onlyOwner(model);
        require(_manifests[model][programId] == 0, ModelRegistry_ProgramExists(model, programId));
        _addProgram(model, programId, manifest);
    }

    /// @inheritdoc IModelRegistry
    function setPrice(uint256 model, address token, uint96 price) external {
        _onlyOwner(model);
        _prices[model] = Price(token, price);
        emit Priced(model, token, price);
    }

    /// @inheritdoc IModelRegistry
    function priceOf(uint256 model) public view returns (address token, uint96 price) {
        Price storage row = _prices[model];
        return (row.token, row.amount);
    }

    /// @inheritdoc IModelRegistry
    function manifestOf(uint256 model, bytes32 programId) public view returns (bytes32 manifest) {
        manifest = _manifests[model][programId];
        require(manifest != 0, ModelRegistry_NoProgram(model, programId));
    }

    /// @inheritdoc IModelRegistry
    function quote(uint256 model, bytes32 programId) external view returns (address token, uint96 price) {
        manifestOf(model, programId);
        return priceOf(model);
    }

    function _addProgram(uint256 model, bytes32 programId, bytes32 manifest) private {
        require(programId != 0 && manifest != 0, ModelRegistry_Zero());
        _manifests[model][programId] = manifest;
        emit ProgramAdded(model, programId, manifest);
    }

    function _onlyOwner(uint256 model) private view {
        require(_requireOwned(model) == msg.sender, ModelRegistry_NotOwner(model, msg.sender));
    }
}
